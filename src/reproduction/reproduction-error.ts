import { HeddleError } from "../core/errors.js";

/** Failures of reproductions alone after which there is something to choose, which each shell says in its own words. */
export type ReproductionErrorCode =
  /** The folder holds a quick run, and a whole reproduction was asked for. */
  | "quickFolder"
  /** It holds a reproduction, and a quick run was asked for. */
  | "wholeFolder"
  /** There are fewer images than a batch has. */
  | "fewImages";

/** What went wrong with a reproduction. Its words are whole; `code` is for a shell that has more to say. */
export class ReproductionError extends HeddleError {
  readonly code: ReproductionErrorCode;

  constructor(code: ReproductionErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
