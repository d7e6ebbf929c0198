import { accurate } from "./accurate.js";
import { balanced } from "./balanced.js";
import { cifar } from "./cifar.js";
import { fineTuning } from "./fine-tuning.js";
import { headTraining } from "./head-training.js";
import { paperBudget } from "./paper-budget.js";
import { photos } from "./photos.js";
import { proposedTuned } from "./proposed-tuned.js";
import type { Recipe } from "./recipe.js";
import type { RecipeName } from "./recipe-names.js";
import { swift } from "./swift.js";

export { type RecipeFigures, recipeFigures } from "./figures.js";
export { type PlaceOf, readRecipe } from "./read-recipe.js";
export {
  type Recipe,
  type RecipeImages,
  type RecipeSettings,
  type RecipeTeacher,
  teacherSettings,
  type WholeRecipe,
  withGiven,
} from "./recipe.js";

export { type RecipeName, recipeNames } from "./recipe-names.js";

/** The recipes by name. */
export const recipes = {
  "paper-budget": paperBudget,
  swift,
  "proposed-tuned": proposedTuned,
  balanced,
  accurate,
  cifar,
  photos,
  "fine-tuning": fineTuning,
  "head-training": headTraining,
} as const satisfies Record<RecipeName, Recipe>;
