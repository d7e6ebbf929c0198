import { HeddleError } from "../../core/errors.js";

/** What a request is answered with that can't be answered as it was meant. */
export class HttpError extends HeddleError {
  override readonly name: string = "HttpError";

  constructor(
    readonly status: 400 | 401 | 403 | 404 | 405 | 408 | 413 | 415 | 422 | 499 | 500 | 503 | 504,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
  }
}
