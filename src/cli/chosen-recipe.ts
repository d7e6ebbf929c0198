import { existsSync } from "node:fs";
import { UsageError } from "../core/errors.js";
import { nearestName } from "../core/options/index.js";
import { readSettingsFile } from "../node/settings-file.js";
import { type Recipe, type RecipeName, readRecipe, recipeNames, recipes } from "../recipes/index.js";

const isName = (text: string): text is RecipeName => Object.hasOwn(recipes, text);

/** A recipe by its name, or out of a file of YAML or JSON. @throws UsageError on neither. @throws HeddleError on a bad file */
export async function chosenRecipe(text: string): Promise<Recipe> {
  if (isName(text)) return recipes[text];
  if (existsSync(text) || /[/\\]|\.(ya?ml|json)$/iu.test(text)) {
    const { value, place } = await readSettingsFile(text);
    return { ...(await readRecipe(value, place)), name: text };
  }
  const nearest = nearestName(text, recipeNames);
  const hint = nearest === undefined ? "" : ` Did you mean "${nearest}"?`;
  throw new UsageError(
    `Unknown recipe "${text}".${hint} Known are ${recipeNames.join(", ")}, or give a file of YAML or JSON.`,
  );
}
