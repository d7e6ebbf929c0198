import { HeddleError } from "../errors.js";
import type { SignalLike } from "../training/interruption.js";

/** An AbortSignal, or anything like it. */
export interface AuditSignal extends SignalLike {
  /** Thrown where work is stopped. */
  readonly reason?: unknown;
}

/** @throws the signal's reason, or a HeddleError where it has none, once it is aborted. */
export function throwIfStopped(signal: AuditSignal | undefined): void {
  if (!signal?.aborted) return;
  throw signal.reason ?? new HeddleError("The audit was stopped.");
}
