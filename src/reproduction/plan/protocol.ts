import { noAugmentation } from "../../core/data/augmentation.js";
import { muon } from "../../core/optimizers/index.js";
import { cosineDecay } from "../../core/schedules/index.js";
import type { TrainingSettings } from "../../run/run-config.js";

/** How all five models are trained: everything of a run but the model, the data, the batch size and the seed. */
export interface Protocol {
  /** A part of its trials' names. */
  readonly name: string;
  /** Where the choice comes from, in a sentence. */
  readonly why: string;
  /** The trial of results/protocol-search that has these settings, where a search found them. */
  readonly searchTrial?: string;
  readonly settings: Pick<TrainingSettings, "optimizer" | "schedule" | "labelSmoothing" | "augmentation">;
}

/**
 * Share of the validation images by which a trial must lead the protocol's, in the mean of two seeds, to take its
 * place once the test images are read. Set before the second search of results/protocol-search/spec.yaml ran.
 */
export const leadToReplace = 0.002;

/** What a reproduction runs. */
export const protocol: Protocol = {
  name: "muon-cosine",
  why:
    "Led the search on the validation images (results/protocol-search, trial 50-muon-flip). A second search, after " +
    `the test images were read, found none ahead by more than ${100 * leadToReplace} points.`,
  searchTrial: "50-muon-flip",
  settings: {
    optimizer: muon({ momentum: 0.9, iterations: 3, weightDecay: 0.05 }),
    schedule: cosineDecay({ learningRate: 0.02, warmup: 2 }).config,
    labelSmoothing: 0.05,
    augmentation: { ...noAugmentation, flip: true },
  },
};
