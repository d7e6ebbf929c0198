import { UsageError } from "../core/errors.js";

/** A server that anybody could ask was not started. */
export class OpenServerError extends UsageError {
  override readonly name: string = "OpenServerError";

  constructor(host: string) {
    super(
      `At ${host} other machines reach the server, and without a token anybody may ask it. Give it a token of 16 characters or more, or say that it is to be open.`,
    );
  }
}
