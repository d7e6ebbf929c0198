import { HeddleError } from "../../core/errors.js";

/** One picture can't be used: the file is at fault, and others beside it may be right. */
export class PictureError extends HeddleError {
  override readonly name: string = "PictureError";

  /** What is wrong with it, behind "NAME can't be used: ". */
  readonly reason: string;

  constructor(reason: string, options?: { cause?: unknown }) {
    super(`The picture can't be used: ${reason}.`, options);
    this.reason = reason;
  }
}

/** More pictures can't be used than may be left out: `skipShare` says how many may. */
export class SkippedPicturesError extends HeddleError {
  override readonly name: string = "SkippedPicturesError";
}
