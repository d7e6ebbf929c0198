import { constants } from "node:os";

/** What asks a command to stop: Ctrl-C, a polite end, a terminal that was closed. */
const stopSignals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
type StopSignal = (typeof stopSignals)[number];

/** What a shell expects of a process that a signal ended. */
const exitCodeOf = (signal: StopSignal): number => 128 + constants.signals[signal];

/** A signal stopped a command in good order: what was kept and how to go on. */
export class InterruptedError extends Error {
  readonly exitCode: number;
  constructor(message: string, signal: StopSignal) {
    super(message);
    this.name = "InterruptedError";
    this.exitCode = exitCodeOf(signal);
  }
}

export interface Interruptible<Result> {
  readonly work: (signal: AbortSignal) => Promise<Result>;
  /** Told at the first signal what happens now. */
  readonly tell: (line: string) => void;
  /**
   * What is kept and how to go on, of a result that a signal cut short; undefined for one that is whole all the same.
   * No result: the work was cut off before there was any.
   */
  readonly whereItStands: (result?: Result) => string | undefined;
}

/**
 * Runs work that a signal asks to stop in good order; a second one leaves at once.
 *
 * @throws InterruptedError where the work was cut short.
 */
export async function interruptible<Result>(options: Interruptible<Result>): Promise<Result> {
  const { work, tell, whereItStands } = options;
  const controller = new AbortController();
  let received: StopSignal | undefined;
  const onSignal = (signal: StopSignal): void => {
    if (received !== undefined) {
      process.exit(exitCodeOf(signal));
    } else {
      received = signal;
      controller.abort();
      const again = signal === "SIGINT" ? "press Ctrl-C again" : "signal again";
      tell(`Stopping as soon as all is kept; ${again} to leave at once.`);
    }
  };
  for (const signal of stopSignals) process.on(signal, onSignal);
  try {
    const result = await work(controller.signal);
    const words = received && whereItStands(result);
    if (received && words !== undefined) throw new InterruptedError(words, received);
    return result;
  } catch (error) {
    if (!received || error !== controller.signal.reason) throw error;
    throw new InterruptedError(whereItStands() ?? "Interrupted.", received);
  } finally {
    for (const signal of stopSignals) process.off(signal, onSignal);
  }
}
