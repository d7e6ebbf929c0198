import { NO_AUGMENTATION } from "../core/data/augmentation.js";
import { muon } from "../core/optimizers/index.js";
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
    name: "muon-cosine",
    why: "The best of the search on the validation images (results/protocol-search, trial 50-muon-flip).",
    settings: {
      optimizer: muon({ momentum: 0.9, iterations: 3, weightDecay: 0.05 }),
      schedule: cosineDecay({ learningRate: 0.02, warmup: 2 }).config,
      labelSmoothing: 0.05,
      augmentation: { ...NO_AUGMENTATION, flip: true },
    },
  },
];
