// heddle train --recipe proposed-tuned
// Not run yet.

import { paperBudget } from "./paper-budget.js";
import type { WholeRecipe } from "./recipe.js";

/** The paper's network for as long as half an hour takes, on all images. */
export const proposedTuned: WholeRecipe = {
  name: "proposed-tuned",
  meaning: "the paper's network, with any budget",
  images: "fashion-mnist",
  settings: { ...paperBudget.settings, epochs: 100, validationShare: 0 },
};
