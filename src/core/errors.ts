/**
 * What went wrong, in words a user can act on: what was received, what was expected, how to mend it.
 */
export class HeddleError extends Error {
  /** Written out in each class: bundlers that make pages small give classes other names. */
  override readonly name: string = "HeddleError";

  constructor(message: string, options?: { cause?: unknown }) {
    super(message);
    if (options && "cause" in options) (this as { cause?: unknown }).cause = options.cause;
  }
}

/** A mistake that the arguments alone show: an unknown name, an impossible number. */
export class UsageError extends HeddleError {
  override readonly name: string = "UsageError";
}

/** What an error says, of whatever was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
