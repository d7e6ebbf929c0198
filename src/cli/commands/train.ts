import { UsageError } from "../../core/errors.js";
import { listed } from "../../core/words.js";
import type { DataKindName } from "../../node/data/kind-names.js";
import { resolveRunSettings } from "../../run/run-settings.js";
import { type RunFlags, runChoice } from "../run-choice.js";
import type { FinishedRun, RunTrainingOptions } from "../run-training.js";
import { shellPath } from "../shell-word.js";
import { requirePlaces, taughtBy, teacherAdvice, teacherPlace } from "../teacher.js";
import type { Terminal } from "../terminal.js";
import { headlineFigures } from "../view/evaluation-tables.js";

export interface TrainCommandOptions extends RunFlags {
  readonly threads?: number;
  readonly run?: string;
  /** Folder of a run to go on with. */
  readonly resume?: string;
  /** Folder for TensorBoard's event files. */
  readonly tensorboard?: string;
  readonly json?: boolean;
}

/** Options that leave a run's result as it is: other images than its own are refused. */
const harmless = ["--threads", "--narrow-vectors", "--data", "--data-kind", "--tensorboard", "--json"];

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
      : await trainAs({ resume, ...placeOf(options, given) }, options, terminal);
  if (json) return;
  const epoch = `epoch ${end.bestEpoch} of ${end.epochsDone}`;
  terminal.stdout(`On the test set, with the weights of ${epoch}:`);
  terminal.stdout(headlineFigures(evaluation, terminal.colour));
  terminal.stdout("");
  terminal.stdout(
    `Kept in ${folder}. Every class and the confusion matrix: heddle evaluate ${shellPath(folder)}`,
  );
}

async function trainNew(
  options: TrainCommandOptions,
  given: readonly string[],
  terminal: Terminal,
): Promise<FinishedRun> {
  const { settings, shares, teacher } = await runChoice(options, given);
  const { run: folder } = options;
  if (options.teacher !== undefined) {
    const taught = await taughtBy(options.teacher, shares);
    return trainAs({ settings: { ...settings, teacher: taught }, folder }, options, terminal);
  }
  if (!teacher) return trainAs({ settings, folder }, options, terminal);
  // What is wrong with the second training is told before the first.
  await resolveRunSettings(settings);
  if (folder !== undefined) await requirePlaces(folder);
  terminal.stderr("The recipe's teacher first, in a run of its own:");
  const unbegun = (run: string): string =>
    `Interrupted before training began: the teacher is kept in ${run}, and ${teacherAdvice(run)} begins again.`;
  const { folder: kept } = await trainAs(
    { settings: teacher, folder: folder && teacherPlace(folder) },
    {
      ...options,
      stopped: {
        kept: (run) => `Once it is at its end, ${teacherAdvice(run)} trains what it teaches.`,
        whole: unbegun,
      },
    },
    terminal,
  );
  terminal.stderr(`The teacher is kept in ${kept}; --teacher ${shellPath(kept)} saves training it again.`);
  const taught = await taughtBy(kept, shares);
  return trainAs(
    { settings: { ...settings, teacher: taught }, folder },
    { ...options, stopped: { unbegun: unbegun(kept) } },
    terminal,
  );
}

/** Mistakes in the options answer before all of training is loaded. */
async function trainAs(
  run: RunTrainingOptions["run"],
  { threads, tensorboard, json, stopped }: TrainCommandOptions & Pick<RunTrainingOptions, "stopped">,
  terminal: Terminal,
): Promise<FinishedRun> {
  const { runTraining } = await import("../run-training.js");
  return runTraining({ run, threads, tensorboard, json, stopped }, terminal);
}

/** Where a run that goes on finds its images, if not where they were. */
function placeOf(
  { data, dataKind }: Pick<TrainCommandOptions, "data" | "dataKind">,
  given: readonly string[],
): { readonly data?: string; readonly dataKind?: DataKindName } {
  return { ...(given.includes("--data") && { data }), ...(dataKind && { dataKind }) };
}

/** A run that goes on has its settings already: others would not be what they seem. */
function refuseSettings(folder: string, given: readonly string[]): void {
  const refused = given.filter((option) => option !== "--resume" && !harmless.includes(option));
  if (refused.length === 0) return;
  throw new UsageError(
    `--resume goes on with the settings in ${folder}/config.json, and ${refused.join(", ")} can't be given with it: expected ${listed(harmless, "or")} at most. To train with other settings, begin a new run without --resume.`,
  );
}
