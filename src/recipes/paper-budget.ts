// heddle train --recipe paper-budget
// Test accuracy 92.65 %, 1 seed; 15 min 55 s of training (AMD EPYC, 2 threads, Node 24): results/recipes/paper-budget.json.

import type { RecipeTeacher, WholeRecipe } from "./recipe.js";

/** Trained without smoothed labels: what a teacher says of its second choices is what it is there for. */
export const earlyPoolTeacher: RecipeTeacher = {
  settings: {
    model: "earlyPool48",
    epochs: 20,
    batchSize: 128,
    optimizer: { name: "muon", momentum: 0.9, iterations: 3, weightDecay: 0.05 },
    schedule: { name: "cosine", learningRate: 0.01, warmup: 2 },
    augmentation: "flip=alternate,shift=1,erase=0.2",
    views: "flip",
  },
  weight: 0.9,
  temperature: 2,
  softens: "teacher",
  views: "flip",
};

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
    schedule: { name: "cosine", learningRate: 0.02, warmup: 1 },
    augmentation: "flip",
    views: "flip",
  },
  teacher: earlyPoolTeacher,
};
