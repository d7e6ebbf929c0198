// heddle train --recipe balanced
// Not run yet.

import type { WholeRecipe } from "./recipe.js";

/** Most of what is to be had, from fewer than half a million parameters. */
export const balanced: WholeRecipe = {
  name: "balanced",
  meaning: "a small network that is hard to beat",
  images: "fashion-mnist",
  settings: {
    data: "fashion-mnist",
    model: "resNet20",
    epochs: 20,
    batchSize: 128,
    optimizer: { name: "muon", momentum: 0.9, iterations: 3, weightDecay: 0.05 },
    schedule: { name: "one-cycle", learningRate: 0.02, peakAt: 0.2 },
    labelSmoothing: 0.1,
    augmentation: "flip,shift=2,reflect,erase=0.5",
    validationShare: 0,
    views: "flip",
  },
};
