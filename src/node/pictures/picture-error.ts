import { HeddleError } from "../../core/errors.js";

/** One picture can't be used: the file is at fault, and others beside it may be right. */
export class PictureError extends HeddleError {
  override readonly name: string = "PictureError";

  /** What is wrong with it, behind "NAME can't be used: ". */
  readonly reason: string;

  constructor(reason: string, options?: { cause?: unknown }, picture = "The picture") {
    super(`${picture} can't be used: ${reason}.`, options);
    this.reason = reason;
  }

  /** The same of a picture that has a name. */
  of(picture: string): PictureError {
    return new PictureError(this.reason, { cause: this.cause }, picture);
  }
}

/** More pictures can't be used than may be left out: `skipShare` says how many may. */
export class SkippedPicturesError extends HeddleError {
  override readonly name: string = "SkippedPicturesError";
}
