// heddle train --recipe proposed-tuned
// Not run yet.

import { modelDefinitions, withDropout } from "../core/models/index.js";
import { earlyPoolTeacher, paperBudget } from "./paper-budget.js";
import type { WholeRecipe } from "./recipe.js";

/**
 * The paper's layers for as long as half an hour takes, on all images. With its own dropout the network can't use what
 * shifts and erasing have to teach: its rates are a quarter of the paper's.
 */
export const proposedTuned: WholeRecipe = {
  name: "proposed-tuned",
  meaning: "the paper's network, with any budget",
  images: "fashion-mnist",
  settings: {
    ...paperBudget.settings,
    model: { ...withDropout(modelDefinitions.proposed, 0.25), name: "proposed-light-dropout" },
    epochs: 120,
    augmentation: "flip,shift=1,erase=0.1",
    validationShare: 0,
  },
  teacher: { ...earlyPoolTeacher, weight: 0.7 },
};
