import { HeddleError } from "../core/errors.js";

/** Failures of runs after which there is something to do, which each shell says in its own words. */
export type RunErrorCode =
  /** There is no run at the place. */
  | "noRun"
  /** A run that is finished was to go on. */
  | "finished"
  /** The same, and its judgement can't be read. */
  | "judgementDamaged"
  /** Training broke off, and its last checkpoint is kept. */
  | "brokenOff"
  /** A run of another arithmetic was to go on. */
  | "otherArithmetic"
  /** The images are of another shape or other classes than the run's. */
  | "otherImages"
  /** The run's own data has other test images than it was judged on. */
  | "otherTestImages"
  /** The run's own images are not where they were. */
  | "imagesMoved"
  /** The images were handed to the run by a program, and are needed again. */
  | "imagesNeeded"
  /** A run of another arithmetic was to be repeated. */
  | "notRepeatable"
  /** The weights that a run began with are needed again. */
  | "firstNeeded"
  /** What a run was taught is needed again. */
  | "teacherNeeded"
  /** There are no weights of an interruption. */
  | "notInterrupted";

/** What went wrong with a run. Its words are whole; `code` and `run` are for a shell that has more to say. */
export class RunError extends HeddleError {
  override readonly name: string = "RunError";

  readonly code: RunErrorCode;
  /** Where the run is kept. */
  readonly run: string;

  constructor(message: string, about: { code: RunErrorCode; run: string; cause?: unknown }) {
    super(message, "cause" in about ? { cause: about.cause } : undefined);
    this.code = about.code;
    this.run = about.run;
  }
}
