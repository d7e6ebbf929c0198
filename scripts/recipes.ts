// What a recipe comes to, a run a seed, each judged on the test images once:
//   npm run build && node dist/scripts/recipes.js NAME [SEEDS] [--data DIR]
// With --selection the same on images held back from those that train: no test image is looked at. With --ablation that,
// without each of the recipe's ingredients in turn. Writes results/recipes/NAME.json (selection-NAME.json,
// ablation-NAME.json) after each run and goes on with what is missing there; runs are kept below runs/recipes, and receipts
// of those that count below results/recipes/NAME. A file's runs are of one arithmetic.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { arithmeticVersion } from "#heddle/core/arithmetic.js";
import { checksum } from "#heddle/core/checksum.js";
import { percent } from "#heddle/core/words.js";
import {
  loadDataset,
  nodePlatform,
  type Recipe,
  type RecipeName,
  recipeNames,
  recipes,
} from "#heddle/node/index.js";
import { wholeNumber } from "./arguments.js";
import { choosingSeeds, variantsOf } from "./recipes/ablations.js";
import type { RecipeHead, RecipeRun } from "./recipes/file.js";
import { keepRun, keepVariantRun, keptRows, keptRuns } from "./recipes/keep.js";
import { selectionDataset } from "./recipes/selection.js";
import { chosenBy, settingsOf, withoutViews } from "./recipes/settings-of.js";
import { trainSeed } from "./recipes/train-seed.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: "string" }, selection: { type: "boolean" }, ablation: { type: "boolean" } },
});
const [name, seedList = values.selection || values.ablation ? choosingSeeds.join(",") : "1,2,3,4,5"] =
  positionals;
if (!recipeNames.includes(name as RecipeName))
  throw new Error(
    `node dist/scripts/recipes.js NAME [SEEDS] [--data DIR] [--selection|--ablation]; NAME: ${recipeNames.join(", ")}`,
  );
const named: Recipe = recipes[name as RecipeName];
const recipe = values.selection || values.ablation ? chosenBy(named) : named;
const seeds = seedList.split(",").map((seed) => wholeNumber(seed, "SEEDS", 0));
const kind = values.ablation ? "ablation-" : values.selection ? "selection-" : "";
const file = join("recipes", `${kind}${name}.json`);
const data = values.data ?? recipe.settings.data ?? "";
const dataOptions = values.data === undefined ? {} : recipe.pictures;
const { dataset } = await loadDataset(data, dataOptions);
nodePlatform.widenVectors?.();

const command = `node dist/scripts/recipes.js ${name}${values.data ? " --data DIR" : ""}${values.ablation ? " --ablation" : values.selection ? " --selection" : ""}`;
const head: RecipeHead = { command, recipe: name, arithmeticVersion, settings: settingsOf(recipe) };

/** Keeps runs of other settings, or of another arithmetic, apart. */
const mark = (of: Recipe): string =>
  checksum(new TextEncoder().encode(JSON.stringify([arithmeticVersion, settingsOf(of)]))).toString(16);

const told = ({ seed, accuracy, seconds, teacher }: RecipeRun): string =>
  `seed ${seed}: ${percent(accuracy)}, ${Math.round(seconds + (teacher?.seconds ?? 0))} s`;

if (values.ablation) await ablate();
else await measure();

async function measure(): Promise<void> {
  const selected = values.selection ? selectionDataset(dataset, recipe.settings) : undefined;
  for (const seed of seeds) {
    if (keptRuns(file, head).runs.some((run) => run.seed === seed)) continue;
    const folder = join("runs", "recipes", `${kind}${name}-${mark(recipe)}`, `seed-${seed}`);
    const run = await trainSeed({
      recipe,
      seed,
      folder,
      dataset: selected ?? dataset,
      chooses: selected !== undefined,
      ...(!selected && { data }),
    });
    // First, since a run that counts isn't come back to.
    if (!selected) keepReceipt(folder, seed);
    console.log(`${told(run)}; kept in ${keepRun(file, head, run)}.`);
  }
}

/** So that whoever has the images can hold the recipe to it: `heddle verify`. */
function keepReceipt(folder: string, seed: number): void {
  const place = join("results", "recipes", name);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, `seed-${seed}.receipt.json`), readFileSync(join(folder, "receipt.json")));
}

async function ablate(): Promise<void> {
  const variants = variantsOf(recipe);
  const order = variants.map((each) => each.change);
  const selected = selectionDataset(dataset, recipe.settings);
  for (const seed of seeds)
    for (const { change, recipe: variant } of variants) {
      const row = keptRows(file, head).rows.find((each) => each.change === change);
      if (row?.runs.some((run) => run.seed === seed)) continue;
      const folder = join("runs", "recipes", `${kind}${name}-${mark(withoutViews(variant))}`, `seed-${seed}`);
      const run = await trainSeed({ recipe: variant, seed, folder, dataset: selected, chooses: true });
      const place = keepVariantRun(file, head, { change, run, order });
      console.log(`${change || "the recipe as it is"}, ${told(run)}; kept in ${place}.`);
    }
}
