// heddle train --recipe accurate
// Not run yet.

import type { WholeRecipe } from "./recipe.js";

/** As many images named rightly as an hour on two cores gives. */
export const accurate: WholeRecipe = {
  name: "accurate",
  meaning: "the highest accuracy within an hour",
  images: "fashion-mnist",
  settings: {
    data: "fashion-mnist",
    model: "airbench",
    epochs: 16,
    batchSize: 128,
    optimizer: { name: "muon", momentum: 0.9, iterations: 3, weightDecay: 0.05 },
    schedule: { name: "one-cycle", learningRate: 0.02, peakAt: 0.2 },
    labelSmoothing: 0.1,
    augmentation: "flip,shift=2,reflect,erase=0.5",
    weightAverage: { decay: 0.999 },
    validationShare: 0,
    views: "flip,shift=1",
  },
};
