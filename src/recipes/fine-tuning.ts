// heddle train --data photos --from body.safetensors
// What came of it on real photos stands in docs/own-pictures.md.

import type { Recipe } from "./recipe.js";

/** A classifier on a body: few epochs, gently. */
export const fineTuning: Recipe = {
  name: "fine-tuning",
  meaning: "a body that was trained before, with a new head",
  settings: {
    epochs: 6,
    batchSizeAtMost: 32,
    optimizer: { name: "adamw", weightDecay: 0.05 },
    schedule: { name: "cosine", learningRate: 0.001, warmup: 0.5 },
    labelSmoothing: 0.1,
    augmentation: "flip,crop=0.5-1",
    weightAverage: { decay: 0.99 },
  },
};
