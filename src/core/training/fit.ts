import type { AugmentationConfig } from "../data/augmentation.js";
import type { Checkpoint } from "../formats/checkpoint-file.js";
import type {
  EndEvent,
  EpochEvent,
  EpochRecord,
  StartEvent,
  StepEvent,
  TrainEvent,
  WarningEvent,
} from "./events.js";

type Awaitable = void | Promise<void>;

/** What `fit` calls as it goes; it waits for what is returned. */
export interface FitCallbacks {
  onStart?(event: StartEvent): Awaitable;
  onStep?(event: StepEvent): Awaitable;
  onEpoch?(event: EpochEvent): Awaitable;
  onWarning?(event: WarningEvent): Awaitable;
  onEnd?(event: EndEvent): Awaitable;
}

export interface FitOptions {
  /** Passes over the training part (default 1). */
  epochs?: number;
  /**
   * Images a step, at most as many as train (default 128, or all of them where fewer train); an epoch's last
   * batch may be smaller.
   */
  batchSize?: number;
  /** Share of each class held back to validate with, 0 ≤ share < 1 (default 0.2). */
  validationShare?: number;
  /** Decides which images validate, apart from the model's seed (default 1). */
  splitSeed?: number;
  /** Takes only this many training images, evenly per class, before the split (default: all). */
  limit?: number;
  /** How training images are varied (default: not at all). */
  augmentation?: AugmentationConfig;
  /** Ends with the best epoch's weights instead of the last one's (default false). */
  restoreBestWeights?: boolean;
  /** Stops after the current step; the weights stay as they are then. */
  signal?: { readonly aborted: boolean };
  /**
   * Goes on from what `model.checkpoint()` gave, to the same bytes as without a stop. Model, data and all
   * settings but the number of threads must be those of the run that it came from.
   */
  resume?: Checkpoint;
}

/** What a whole `fit` did. */
export interface History {
  readonly epochs: readonly EpochRecord[];
  readonly end: EndEvent;
}

/** Reads a run's events to its end, telling callbacks. */
export async function collectHistory(
  events: AsyncIterable<TrainEvent>,
  callbacks: readonly FitCallbacks[],
): Promise<History> {
  const epochs: EpochRecord[] = [];
  let last: EndEvent | undefined;
  for await (const event of events) {
    for (const callback of callbacks) await tell(callback, event);
    if (event.event === "epoch") {
      const { event: _, best: __, ...record } = event;
      epochs.push(record);
    }
    if (event.event === "end") last = event;
  }
  if (!last) throw new Error("The training loop ended without an end event.");
  return { epochs, end: last };
}

function tell(callbacks: FitCallbacks, event: TrainEvent): Awaitable {
  switch (event.event) {
    case "start":
      return callbacks.onStart?.(event);
    case "step":
      return callbacks.onStep?.(event);
    case "epoch":
      return callbacks.onEpoch?.(event);
    case "warning":
      return callbacks.onWarning?.(event);
    case "end":
      return callbacks.onEnd?.(event);
  }
}
