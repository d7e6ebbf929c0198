import type { DataOptions } from "../run/host.js";
import type { RunSettings } from "../run/run-settings.js";
import type { RunTeacher } from "../run/teacher.js";

/** What a recipe's images are: where those are its only ones it says how they are found, too. */
export type RecipeImages = "fashion-mnist" | "cifar-10" | "pictures";

/** All of them. */
export const recipeImages: readonly RecipeImages[] = ["fashion-mnist", "cifar-10", "pictures"];

/**
 * Settings of a run as `trainRun` takes them, a diff from its defaults: what isn't said is one epoch at a constant rate of
 * 0.001 by Adam, nothing varied, averaged or viewed. Images and the model may be left to whoever uses it.
 */
export interface RecipeSettings extends Omit<RunSettings, "model" | "data" | "teacher"> {
  /** What is trained, as a run takes it (default: whoever uses the recipe says it). */
  readonly model?: RunSettings["model"] | undefined;
  /** Where its images are found (default: whoever uses it says so). */
  readonly data?: string | undefined;
}

/** A network that is trained before a recipe's own, on the same images, for what it says of them. */
export interface RecipeTeacher extends Omit<RunTeacher, "model" | "name"> {
  /** What isn't said of images, seeds and arithmetic is the recipe's. */
  readonly settings: RecipeSettings;
}

/** How a network is trained to some end. */
export interface Recipe {
  readonly name: string;
  /** What it is for, in a few words. */
  readonly meaning: string;
  /** What it was made for (default: any). */
  readonly images?: RecipeImages;
  /** What images are made of pictures, where they come as such. */
  readonly pictures?: DataOptions;
  readonly settings: RecipeSettings;
  readonly teacher?: RecipeTeacher;
}

/** A recipe that says its model, so that a run needs no more than images. */
export interface WholeRecipe extends Recipe {
  readonly settings: RecipeSettings & Pick<RunSettings, "model">;
}

/** What a teacher has from those whom it teaches, where its own settings don't say otherwise. */
const shared = ["data", "dataOptions", "validationShare", "seed", "splitSeed", "limit", "portable"] as const;

/**
 * The settings of a recipe's teacher.
 *
 * @param student the settings that it is to teach, as they are used
 */
export function teacherSettings(teacher: RecipeTeacher, student: RecipeSettings): RecipeSettings {
  const common = shared.flatMap((name) =>
    student[name] === undefined ? [] : [[name, student[name]] as const],
  );
  return { ...Object.fromEntries(common), ...teacher.settings };
}

/**
 * Settings with a recipe's in the place of those that nobody gave. Each is given as a whole: who gives an optimizer has
 * none of its options from the recipe. Who gives a schedule gives its rate with it.
 *
 * @param given what somebody chose instead, by the names of settings
 */
export function withGiven(recipe: RecipeSettings, given: RecipeSettings): RecipeSettings {
  const { batchSizeAtMost, learningRate, ...others } = recipe;
  const base = {
    ...others,
    ...(batchSizeAtMost !== undefined && given.batchSize === undefined && { batchSizeAtMost }),
    ...(learningRate !== undefined && given.schedule === undefined && { learningRate }),
  };
  return withDataOptions({ ...base, ...given }, recipe.dataOptions);
}

/** Settings with data options beside their own, which count before them. */
export function withDataOptions(settings: RecipeSettings, others: DataOptions | undefined): RecipeSettings {
  const dataOptions = { ...others, ...settings.dataOptions };
  return { ...settings, ...(Object.keys(dataOptions).length > 0 && { dataOptions }) };
}
