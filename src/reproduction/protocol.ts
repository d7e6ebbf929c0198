import { NO_AUGMENTATION } from "../core/data/augmentation.js";
import { adamw } from "../core/optimizers/index.js";
import { cosineDecay } from "../core/schedules/index.js";
import type { RunConfig } from "../node/run/run-config.js";

/** How all five models are trained: everything of a run but the model, the data, the batch size and the seed. */
export interface Protocol {
  /** A file name's part and a row's: a protocol that follows another gets another name. */
  readonly name: string;
  /** Where the choice comes from, in a sentence. */
  readonly why: string;
  readonly settings: Pick<RunConfig, "optimizer" | "schedule" | "labelSmoothing" | "augmentation">;
}

/**
 * The protocols in the order in which they were chosen. The last one is what a reproduction runs; trials of an earlier
 * one are kept, as a row of their own, where they are there. None is ever changed under its name.
 */
export const protocols: readonly Protocol[] = [
  {
    name: "adamw-cosine",
    why: "The best plain recipe of trials of this structure elsewhere; provisional until the search has ended.",
    settings: {
      optimizer: adamw({ weightDecay: 0.05 }),
      schedule: cosineDecay({ learningRate: 0.002, warmup: 2 }).config,
      labelSmoothing: 0.05,
      augmentation: { ...NO_AUGMENTATION, flip: true },
    },
  },
];
