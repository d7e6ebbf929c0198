// heddle train --recipe swift
// Not run yet.

import type { WholeRecipe } from "./recipe.js";

/** A newcomer's first network: the paper's accuracy about a minute after the images are there. */
export const swift: WholeRecipe = {
  name: "swift",
  meaning: "the paper's accuracy within a minute",
  images: "fashion-mnist",
  settings: {
    data: "fashion-mnist",
    model: "cnn",
    epochs: 6,
    batchSize: 128,
    optimizer: { name: "muon", momentum: 0.9, iterations: 3 },
    schedule: { name: "one-cycle", learningRate: 0.02, peakAt: 0.2 },
    labelSmoothing: 0.1,
    augmentation: "flip",
    validationShare: 0,
    views: "flip",
  },
};
