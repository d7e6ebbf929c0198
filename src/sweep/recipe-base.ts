import { nearestName, received } from "../core/options/index.js";
import { listed } from "../core/words.js";
import { fileSettings } from "../recipes/file-settings.js";
import { type Recipe, type RecipeName, recipeNames, recipes, withGiven } from "../recipes/index.js";
import type { Settings } from "./settings.js";
import type { Complaint } from "./sweep-spec.js";

/** A base as it is written, or with a recipe's settings, and what images a recipe makes of pictures. */
export interface RecipeBase {
  readonly base: Settings;
  readonly pictures?: Recipe["pictures"] | undefined;
}

/**
 * A base that begins with a recipe: `recipe: swift` stands for its settings, and what is said beside it counts before
 * them. A recipe in which all images train has some validate here: a sweep chooses by them.
 *
 * @throws what the complaint makes of a recipe that isn't known, or can't be a base
 */
export function withRecipe(base: Settings, complain: Complaint): RecipeBase {
  const { recipe: name, ...given } = base;
  if (name === undefined) return { base };
  const place = ["base", "recipe"];
  if (!isRecipeName(name)) {
    const nearest = typeof name === "string" ? nearestName(name, recipeNames) : undefined;
    throw complain(
      place,
      `must be one of ${listed(recipeNames)}, but is ${received(name)}.${nearest === undefined ? "" : ` Did you mean ${nearest}?`}`,
    );
  }
  const recipe: Recipe = recipes[name];
  if (recipe.teacher)
    throw complain(
      place,
      `is ${name}, which has a teacher: a sweep trains none. Say its settings one by one.`,
    );
  const { validationShare, ...own } = fileSettings(recipe.settings);
  const usual = validationShare ? { ...own, validationShare } : own;
  const whole = withGiven(usual, given);
  return { base: JSON.parse(JSON.stringify(whole)) as Settings, pictures: recipe.pictures };
}

const isRecipeName = (name: unknown): name is RecipeName =>
  typeof name === "string" && recipeNames.some((known) => known === name);
