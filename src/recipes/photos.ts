// heddle train --data photos
// What came of it on real photos stands in docs/own-pictures.md.

import type { WholeRecipe } from "./recipe.js";

/** Photos without a body: a network for small images, varied strongly, since there are few. */
export const photos: WholeRecipe = {
  name: "photos",
  meaning: "a few thousand photos, without a body to stand on",
  images: "pictures",
  pictures: { size: [64, 64] },
  settings: {
    model: "resNet20",
    epochs: 40,
    batchSizeAtMost: 64,
    optimizer: { name: "muon", weightDecay: 0.05 },
    schedule: { name: "cosine", learningRate: 0.02, warmup: 2 },
    labelSmoothing: 0.1,
    augmentation: "flip,crop=0.35-1,brightness=0.3,contrast=0.3,saturation=0.3",
    weightAverage: { decay: 0.99 },
  },
};
