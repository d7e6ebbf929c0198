// heddle train --data photos --from body.safetensors --unfreeze none
// What came of it on real photos stands in docs/own-pictures.md.

import { fineTuning } from "./fine-tuning.js";
import type { Recipe } from "./recipe.js";

/** The same where the head alone is trained: it knows the body's features by then. */
export const headTraining: Recipe = {
  name: "head-training",
  meaning: "a new head on a body that stays as it is",
  settings: { ...fineTuning.settings, epochs: 1 },
};
