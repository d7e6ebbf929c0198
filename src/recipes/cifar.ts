// heddle train --recipe cifar --data cifar-10-batches-bin
// Not run yet.

import type { WholeRecipe } from "./recipe.js";

/** Keller Jordan's record network for CIFAR-10 (arXiv 2404.00498), for as long as an hour on two cores takes. */
export const cifar: WholeRecipe = {
  name: "cifar",
  meaning: "CIFAR-10 within an hour",
  images: "cifar-10",
  pictures: { size: 32, channels: 3 },
  settings: {
    model: "airbench",
    epochs: 10,
    batchSize: 256,
    optimizer: { name: "sgd", momentum: 0.85, nesterov: true, weightDecay: 0.0005 },
    schedule: { name: "one-cycle", learningRate: 0.2, peakAt: 0.2 },
    labelSmoothing: 0.2,
    augmentation: "flip=alternate,shift=2,reflect",
    validationShare: 0,
    views: "flip,shift=1",
  },
};
