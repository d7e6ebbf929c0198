import { UsageError } from "../../core/errors.js";
import type { Unfreeze } from "../../core/transfer/index.js";
import { optionOf } from "../named-options.js";
import { fineTuning, headTraining, photos, withRecipe } from "../recipes.js";
import type { Terminal } from "../terminal.js";
import { type TrainingChoice, type TrainingFlags, trainingSettings } from "../training-settings.js";
import { headlineFigures } from "../view/evaluation-tables.js";

export interface TrainCommandOptions extends TrainingFlags {
  readonly threads?: number;
  readonly run?: string;
  /** A trained model to stand on: its file, or the folder of a run. */
  readonly from?: string;
  readonly unfreeze?: Unfreeze;
  readonly batchNorm?: "keep" | "move";
  /** Folder of a run to go on with. */
  readonly resume?: string;
  /** Folder for TensorBoard's event files. */
  readonly tensorboard?: string;
  readonly json?: boolean;
}

/** Options that leave a run's result as it is. */
const harmless = ["--resume", "--threads", "--tensorboard", "--json"];

/**
 * Trains a model, keeps it in a run folder, and judges its best weights on the test set once.
 *
 * @param given the options on the command line, such as `--epochs`
 */
export async function trainCommand(
  options: TrainCommandOptions,
  given: readonly string[],
  terminal: Terminal,
): Promise<void> {
  const { resume, threads, tensorboard, json } = options;
  if (resume !== undefined) refuseSettings(resume, given);
  const run =
    resume === undefined ? { settings: await settingsOf(options, given), folder: options.run } : { resume };
  // Mistakes in the options answer before all of training is loaded.
  const { runTraining } = await import("../run-training.js");
  const { folder, end, evaluation } = await runTraining({ run, threads, tensorboard, json }, terminal);
  if (json) return;
  terminal.stdout(`On the test set, with the weights of epoch ${end.bestEpoch} of ${end.epochsDone}:`);
  terminal.stdout(headlineFigures(evaluation, terminal.colour));
  terminal.stdout("");
  terminal.stdout(`Kept in ${folder}. Every class and the confusion matrix: heddle evaluate ${folder}`);
}

/** Of a new run. */
async function settingsOf(options: TrainCommandOptions, given: readonly string[]): Promise<TrainingChoice> {
  const { from, unfreeze = "all", batchNorm } = options;
  const names = new Set(given.map(optionOf));
  if (from === undefined) {
    const stray = given.find((flag) => flag === "--unfreeze" || flag === "--batch-norm");
    if (stray) throw new UsageError(`${stray} is of a model to stand on: give that with --from.`);
    const { arePictures } = await import("../are-pictures.js");
    const fromScratch = !given.includes("--model") && (await arePictures(options.data, options.dataKind));
    return trainingSettings(fromScratch ? withRecipe(options, photos, names) : options);
  }
  const misplaced = given.filter((flag) => flag === "--model" || flag === "--no-dropout");
  if (misplaced.length > 0)
    throw new UsageError(`--from says what is trained, and ${misplaced.join(", ")} can't be given with it.`);
  const recipe = unfreeze === "none" ? headTraining : fineTuning;
  const settings = trainingSettings(withRecipe(options, recipe, names));
  const { bodyModel } = await import("../body-model.js");
  return { ...settings, ...(await bodyModel(from, { unfreeze, batchNorm, settings })) };
}

/** A run that goes on has its settings already: others would not be what they seem. */
function refuseSettings(folder: string, given: readonly string[]): void {
  const refused = given.filter((option) => !harmless.includes(option));
  if (refused.length === 0) return;
  throw new UsageError(
    `--resume goes on with the settings in ${folder}/config.json, and ${refused.join(", ")} can't be given with it: expected --threads, --tensorboard or --json at most. To train with other settings, begin a new run without --resume.`,
  );
}
