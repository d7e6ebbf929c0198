/** The user pressed Ctrl-C: what was kept and how to look at it. Ends with what a shell expects, 128 + SIGINT. */
export class Interruption extends Error {
  readonly exitCode = 130;
  constructor(message: string) {
    super(message);
    this.name = "Interruption";
  }
}

/**
 * Runs work that Ctrl-C asks to stop in good order; a second Ctrl-C leaves at once.
 *
 * @param onFirst called at the first Ctrl-C
 */
export async function interruptible<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  onFirst: () => void,
): Promise<Result> {
  const controller = new AbortController();
  const onInterrupt = (): void => {
    if (controller.signal.aborted) {
      process.exit(130);
    } else {
      controller.abort();
      onFirst();
    }
  };
  process.on("SIGINT", onInterrupt);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (controller.signal.aborted && error === controller.signal.reason)
      throw new Interruption("Interrupted.");
    throw error;
  } finally {
    process.off("SIGINT", onInterrupt);
  }
}
