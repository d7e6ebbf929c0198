import { UsageError } from "../core/errors.js";

/** What a file leaves open and its reader must be told. */
export type ImportErrorCode = "normalization" | "imageSize" | "architecture";

/** A file that can't be imported before more is said of it: for who knows how that is said, `code` names what. */
export class ImportError extends UsageError {
  override readonly name: string = "ImportError";

  constructor(
    readonly code: ImportErrorCode,
    message: string,
  ) {
    super(message);
  }
}
