import { HeddleError } from "../core/errors.js";

/** Failures of reproductions after which there is something to choose, which each shell says in its own words. */
export type ReproductionErrorCode =
  /** The folder can't be gone on with. */
  | "folder"
  /** It holds a quick run, and a whole reproduction was asked for. */
  | "quickFolder"
  /** It holds a reproduction, and a quick run was asked for. */
  | "wholeFolder"
  /** It holds a reproduction on other data. */
  | "otherData"
  /** There are fewer images than a batch has. */
  | "fewImages";

/** What went wrong with a reproduction. Its words are whole; `code` is for a shell that has more to say. */
export class ReproductionError extends HeddleError {
  readonly code: ReproductionErrorCode;

  constructor(code: ReproductionErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
