import { HeddleError } from "./errors.js";
import { kindOfValue } from "./options/index.js";
import type { SignalLike } from "./training/interruption.js";

/** An AbortSignal, or anything like it. */
export interface WorkSignal extends SignalLike {
  /** Thrown where work is stopped. */
  readonly reason?: unknown;
}

export const workSignalKind = kindOfValue<WorkSignal>(
  "an AbortSignal such as new AbortController().signal",
  (value) =>
    typeof value === "object" && value !== null && typeof (value as WorkSignal).aborted === "boolean",
);

/** @throws the signal's reason, or a HeddleError where it has none, once it is aborted. */
export function throwIfStopped(signal: WorkSignal | undefined): void {
  if (!signal?.aborted) return;
  throw signal.reason ?? new HeddleError("The work was stopped before its end.");
}
