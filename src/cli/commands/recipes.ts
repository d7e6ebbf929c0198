import { counted, duration, percent } from "../../core/words.js";
import { type YamlValue, yaml } from "../../export/yaml.js";
import { fileSettings, modelNameOf } from "../../recipes/file-settings.js";
import { type Recipe, recipeFigures, recipeNames, recipes } from "../../recipes/index.js";
import { chooseName } from "../arguments.js";
import { plainTable } from "../view/plain-table.js";
import type { CommandOutput } from "./output.js";

export interface RecipesCommandOptions {
  readonly name?: string;
  readonly json?: boolean;
}

/** Lists the recipes with what they come to; or gives one as a file that `heddle train --recipe` takes. */
export function recipesCommand({ name, json }: RecipesCommandOptions, out: CommandOutput): void {
  if (name === undefined) {
    if (json)
      for (const each of recipeNames)
        out.stdout(JSON.stringify({ ...fileOf(recipes[each]), figures: recipeFigures[each] }));
    else out.stdout(overview());
    return;
  }
  const recipe = recipes[chooseName("recipe", name, recipeNames)];
  const file = fileOf(recipe);
  out.stdout(json ? JSON.stringify(file) : yaml(file).trimEnd());
}

/** As a file has it: JSON values. */
function fileOf(recipe: Recipe) {
  const { name, meaning, images, pictures, settings, teacher } = recipe;
  const file = { name, meaning, images, pictures, settings: fileSettings(settings), teacher };
  return JSON.parse(JSON.stringify(file)) as Record<string, YamlValue>;
}

function overview(): string {
  const rows = recipeNames.map((name) => {
    const { meaning, settings } = recipes[name];
    const figures = recipeFigures[name];
    const { accuracy, deviation, seconds, seeds } = figures ?? {};
    return [
      name,
      meaning,
      modelNameOf(settings) ?? "–",
      accuracy === undefined
        ? "–"
        : `${percent(accuracy)}${deviation === undefined ? "" : ` ± ${(100 * deviation).toFixed(2)}`}`,
      seconds === undefined ? "–" : duration(seconds),
      seeds === undefined ? "–" : counted(seeds),
    ];
  });
  const columns = ["Recipe", "For", "Model", "Test accuracy", "Time", "Seeds"].map((head, index) => ({
    head,
    align: index < 3 ? ("left" as const) : ("right" as const),
  }));
  return `${plainTable(columns, rows)}\n\n\`heddle recipes NAME\` writes one as a file; \`heddle train --recipe NAME\` trains it. docs/recipes.md tells of them.`;
}
