/**
 * What went wrong, in words a user can act on: what was received, what was expected, how to mend it.
 * `exitCode` is what a command line ends with: 1 for a failure, 2 for misuse that the call alone shows.
 */
export class HeddleError extends Error {
  readonly exitCode: 1 | 2 = 1;
  constructor(message: string, options?: { cause?: unknown }) {
    super(message);
    this.name = new.target.name;
    if (options && "cause" in options) (this as { cause?: unknown }).cause = options.cause;
  }
}

/** A mistake that the arguments alone show: an unknown name, an impossible number. */
export class UsageError extends HeddleError {
  override readonly exitCode = 2 as const;
}
