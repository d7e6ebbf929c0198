import { HeddleError } from "../core/errors.js";

/** Failures of studies after which there is something to choose, which each shell says in its own words. */
export type StudyErrorCode =
  /** The folder can't be gone on with. */
  | "folder"
  /** It holds a study on other data. */
  | "otherData";

/** What went wrong with a study. Its words are whole; `code` is for a shell that has more to say. */
export class StudyError extends HeddleError {
  override readonly name: string = "StudyError";

  readonly code: StudyErrorCode;

  constructor(code: StudyErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
