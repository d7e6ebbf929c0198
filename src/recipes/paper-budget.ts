// heddle train --recipe paper-budget
// Not run yet.

import type { WholeRecipe } from "./recipe.js";

/** What the paper fixes stays as it has it: its network, 48,000 images, 50 epochs, batches of 128. */
export const paperBudget: WholeRecipe = {
  name: "paper-budget",
  meaning: "the paper's network, images, epochs and batches, all else free",
  images: "fashion-mnist",
  settings: {
    data: "fashion-mnist",
    model: "proposed",
    epochs: 50,
    batchSize: 128,
    optimizer: { name: "muon", momentum: 0.9, iterations: 3, weightDecay: 0.05 },
    schedule: { name: "cosine", learningRate: 0.02, warmup: 2 },
    labelSmoothing: 0.05,
    augmentation: "flip",
    weightAverage: { decay: 0.999 },
    views: "flip",
  },
};
