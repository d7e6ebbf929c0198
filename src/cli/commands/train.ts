import { basename } from "node:path";
import { UsageError } from "../../core/errors.js";
import type { RecipeTeacher } from "../../recipes/index.js";
import type { RunTeacher } from "../../run/teacher.js";
import { type RunFlags, runChoice } from "../run-choice.js";
import type { FinishedRun, RunTrainingOptions } from "../run-training.js";
import { shellWord } from "../shell-word.js";
import type { Terminal } from "../terminal.js";
import { headlineFigures } from "../view/evaluation-tables.js";

export interface TrainCommandOptions extends RunFlags {
  readonly threads?: number;
  readonly run?: string;
  /** A run or a model file that teaches; of a recipe with a teacher in the place of training that. */
  readonly teacher?: string;
  /** Folder of a run to go on with. */
  readonly resume?: string;
  /** Folder for TensorBoard's event files. */
  readonly tensorboard?: string;
  readonly json?: boolean;
}

/** Options that leave a run's result as it is. */
const harmless = ["--resume", "--threads", "--tensorboard", "--json"];

/**
 * Trains a model, keeps it in a run folder, and judges its best weights on the test set once. A recipe's teacher is
 * trained before, in a run of its own.
 *
 * @param given the options on the command line, such as `--epochs`
 */
export async function trainCommand(
  options: TrainCommandOptions,
  given: readonly string[],
  terminal: Terminal,
): Promise<void> {
  const { resume, json } = options;
  if (resume !== undefined) refuseSettings(resume, given);
  const { folder, end, evaluation } =
    resume === undefined
      ? await trainNew(options, given, terminal)
      : await trainAs({ resume }, options, terminal);
  if (json) return;
  const epoch = `epoch ${end.bestEpoch} of ${end.epochsDone}`;
  terminal.stdout(`On the test set, with the weights of ${epoch}:`);
  terminal.stdout(headlineFigures(evaluation, terminal.colour));
  terminal.stdout("");
  terminal.stdout(
    `Kept in ${folder}. Every class and the confusion matrix: heddle evaluate ${shellWord(folder)}`,
  );
}

async function trainNew(
  options: TrainCommandOptions,
  given: readonly string[],
  terminal: Terminal,
): Promise<FinishedRun> {
  const { settings, teacher } = await runChoice(options, given);
  const { run: folder } = options;
  if (options.teacher !== undefined) {
    const taught = await taughtBy(options.teacher, teacher?.shares);
    return trainAs({ settings: { ...settings, teacher: taught }, folder }, options, terminal);
  }
  if (!teacher) return trainAs({ settings, folder }, options, terminal);
  terminal.stderr("The recipe's teacher first, in a run of its own:");
  const place = folder && `${folder}-teacher`;
  const first = await trainAs({ settings: teacher.settings, folder: place }, options, terminal);
  terminal.stderr(
    `The teacher is kept in ${first.folder}; --teacher ${shellWord(first.folder)} saves training it again.`,
  );
  const taught = await taughtBy(first.folder, teacher.shares);
  return trainAs({ settings: { ...settings, teacher: taught }, folder }, options, terminal);
}

/** @param shares what a recipe makes of it */
async function taughtBy(place: string, shares: Partial<RecipeTeacher> = {}): Promise<RunTeacher> {
  const { readWeights } = await import("../../node/read-weights.js");
  const { bytes, run } = await readWeights(place, "best");
  const { settings: _, ...others } = shares;
  // A path would make another configuration of the same training.
  const name = run?.config.model ?? basename(place).replace(/\.safetensors$/u, "");
  return { ...others, model: bytes, name };
}

/** Mistakes in the options answer before all of training is loaded. */
async function trainAs(
  run: RunTrainingOptions["run"],
  { threads, tensorboard, json }: TrainCommandOptions,
  terminal: Terminal,
): Promise<FinishedRun> {
  const { runTraining } = await import("../run-training.js");
  return runTraining({ run, threads, tensorboard, json }, terminal);
}

/** A run that goes on has its settings already: others would not be what they seem. */
function refuseSettings(folder: string, given: readonly string[]): void {
  const refused = given.filter((option) => !harmless.includes(option));
  if (refused.length === 0) return;
  throw new UsageError(
    `--resume goes on with the settings in ${folder}/config.json, and ${refused.join(", ")} can't be given with it: expected --threads, --tensorboard or --json at most. To train with other settings, begin a new run without --resume.`,
  );
}
