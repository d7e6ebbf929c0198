import type { TrainingData } from "../core/training/check-data.js";
import type { TrainEvent } from "../core/training/events.js";
import type { FitEventsOptions } from "../core/training/fit.js";
import type { Link } from "./link.js";

type Signal = NonNullable<FitEventsOptions["signal"]>;

/** What an AbortSignal has beside its flag; others may have no way to stop listening. */
interface Announced extends Signal {
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener?(type: "abort", listener: () => void): void;
}

const isAnnounced = (signal: Signal): signal is Announced =>
  typeof (signal as Partial<Announced>).addEventListener === "function";

/**
 * A worker's `fit`, an event at a time. Leaving the loop ends it after its step.
 *
 * @param transfer memory of the data that goes to the worker
 */
export async function* remoteFit(
  link: Link,
  data: TrainingData,
  { signal, ...options }: FitEventsOptions,
  transfer: ArrayBuffer[],
): AsyncGenerator<TrainEvent> {
  const heard: TrainEvent[] = [];
  let wake = (): void => {};
  const { number, value } = link.send("fit", [data, options], {
    transfer,
    hear: (event) => {
      heard.push(event);
      wake();
    },
  });
  let over = false;
  const end = value.finally(() => {
    over = true;
    wake();
  });
  // It is asked for below, at the end of the events.
  end.catch(() => undefined);

  let aborted = false;
  const abort = (): void => {
    if (!aborted) link.tell("abort", number);
    aborted = true;
  };
  const announced = signal && isAnnounced(signal) ? signal : undefined;
  announced?.addEventListener("abort", abort);
  try {
    for (;;) {
      if (signal?.aborted) abort();
      const event = heard.shift();
      if (event) {
        yield event;
        link.tell("next", number);
      } else if (over) {
        return await end;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    // Before anything of others' that may throw: the worker waits for it.
    link.tell("leave", number);
    announced?.removeEventListener?.("abort", abort);
    // As in the worker, a fit is over when its loop has been left.
    await end.catch(() => undefined);
  }
}
