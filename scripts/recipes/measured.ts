import { recipeNames, recipes } from "#heddle/recipes/index.js";

/** The recipes that have figures of their own: those of one data set. */
export const measuredRecipes = recipeNames.filter(
  (name) => recipes[name].images === "fashion-mnist" || name === "cifar",
);
