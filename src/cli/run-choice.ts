import { UsageError } from "../core/errors.js";
import type { Unfreeze } from "../core/transfer/index.js";
import { arePictures } from "../node/data/are-pictures.js";
import {
  type Recipe,
  type RecipeSettings,
  type RecipeTeacher,
  recipes,
  teacherSettings,
  withGiven,
} from "../recipes/index.js";
import { withDataOptions } from "../recipes/recipe.js";
import type { RunSettings } from "../run/run-settings.js";
import { chosenRecipe } from "./chosen-recipe.js";
import { givenSettings } from "./given-settings.js";
import { optionOf } from "./named-options.js";
import { type TrainingFlags, trainingSettings } from "./training-settings.js";

export interface RunFlags extends TrainingFlags {
  /** A recipe's name, or its file. */
  readonly recipe?: string;
  /** A run or a model file that teaches; of a recipe with a teacher in the place of training that. */
  readonly teacher?: string;
  /** A trained model to stand on: its file, or the folder of a run. */
  readonly from?: string;
  readonly unfreeze?: Unfreeze;
  readonly batchNorm?: "keep" | "move";
}

/** What a command trains, how, and on images that it finds by a name. */
export interface RunChoice extends RunSettings {
  readonly data: string;
}

/** What flags and a recipe come to. */
export interface Chosen {
  readonly settings: RunChoice;
  /** Of a recipe with a teacher: its part in what is learned. */
  readonly shares?: RecipeTeacher;
  /** How that is trained first, where none is given. */
  readonly teacher?: RunChoice;
}

/**
 * What flags come to: beside a recipe, where one is asked for or fits what is asked for, only those that are given.
 *
 * @param given the options on the command line, such as `--epochs`
 * @throws UsageError on what doesn't go together. @throws HeddleError on a body or a recipe's file that can't be read
 */
export async function runChoice(options: RunFlags, given: readonly string[]): Promise<Chosen> {
  checkBody(options, given);
  const recipe = await recipeOf(options, given);
  if (!recipe) return { settings: trainingSettings(options) };
  const names = new Set(given.map(optionOf));
  const flags = givenSettings(options, recipe, names);
  const data = flags.data ?? recipe.settings.data ?? usualData(recipe, options.data);
  const kind = flags.dataOptions?.kind ?? recipe.settings.dataOptions?.kind;
  const pictures = recipe.pictures && (await arePictures(data, kind)) ? recipe.pictures : undefined;
  const own = withDataOptions(recipe.settings, pictures);
  const settings = await withModel(recipe, { ...withGiven(own, flags), data }, options);
  const { teacher: shares } = recipe;
  if (!shares) return { settings };
  if (options.teacher !== undefined) return { settings, shares };
  const taught = teacherSettings(shares, settings);
  const { model } = taught;
  if (model !== undefined) return { settings, shares, teacher: { ...taught, model, data } };
  throw new UsageError(
    `The teacher of the recipe ${recipe.name} says no model: name one among its settings, or give a trained one with --teacher.`,
  );
}

/** A body says what is trained. */
function checkBody({ from, unfreeze, batchNorm }: RunFlags, given: readonly string[]): void {
  if (from === undefined) {
    const stray = given.find((flag) => flag === "--unfreeze" || flag === "--batch-norm");
    if (stray) throw new UsageError(`${stray} is of a model to stand on: give that with --from.`);
    return;
  }
  if (unfreeze === "none" && batchNorm === "move") {
    throw new UsageError(
      "--unfreeze none leaves the whole body as it is, so --batch-norm move can't be given with it.",
    );
  }
  const misplaced = given.filter((flag) => flag === "--model" || flag === "--no-dropout");
  if (misplaced.length === 0) return;
  throw new UsageError(`--from says what is trained, and ${misplaced.join(", ")} can't be given with it.`);
}

/** The recipe that is asked for, or the one that fits; undefined where the defaults of the flags hold. */
async function recipeOf(
  { recipe, from, unfreeze, data, dataKind }: RunFlags,
  given: readonly string[],
): Promise<Recipe | undefined> {
  if (recipe !== undefined) return chosenRecipe(recipe);
  if (from !== undefined) return recipes[unfreeze === "none" ? "head-training" : "fine-tuning"];
  return !given.includes("--model") && (await arePictures(data, dataKind)) ? recipes.photos : undefined;
}

/** The data of a recipe that names none. */
function usualData({ name, images }: Recipe, otherwise: string): string {
  if (images !== "cifar-10") return otherwise;
  throw new UsageError(
    `The recipe ${name} is for CIFAR-10, which isn't fetched: give --data with its files as they are published, their archive, or a folder of pictures with train and test in it, and a folder a class in those.`,
  );
}

async function withModel(
  { name }: Recipe,
  settings: RecipeSettings & { readonly data: string },
  { from, unfreeze = "all", batchNorm }: Pick<RunFlags, "from" | "unfreeze" | "batchNorm">,
): Promise<RunChoice> {
  const { model } = settings;
  if (from === undefined) {
    if (model !== undefined) return { ...settings, model };
    const isOnBody = name === "fine-tuning" || name === "head-training";
    throw new UsageError(
      isOnBody
        ? `The recipe ${name} is of a model to stand on: give that with --from.`
        : `The recipe ${name} says no model: give one with --model.`,
    );
  }
  if (model !== undefined) {
    throw new UsageError(`--from says what is trained, and so does the recipe ${name}: give one of them.`);
  }
  const { bodyModel } = await import("./body-model.js");
  return { ...settings, ...(await bodyModel(from, { unfreeze, batchNorm, settings })) };
}
