import { HeddleError } from "../../core/errors.js";
import { type Checkpoint, encodeModel } from "../../core/formats/index.js";
import { checkCheckpoint } from "../../core/training/checkpoint.js";
import type { EpochRecord, StartEvent } from "../../core/training/events.js";
import { describeEnvironment } from "../environment.js";
import { nodePlatform } from "../platform.js";
import { type ChosenCheckpoint, chooseCheckpoint, hasCheckpoint, settleCheckpoint } from "./checkpoints.js";
import {
  createRunModel,
  followRun,
  type RunOptions,
  runDataset,
  runFitOptions,
  type TrainRunResult,
} from "./follow-run.js";
import type { RunConfig } from "./run-config.js";
import { RunFolder } from "./run-folder.js";

export interface ResumeRunOptions extends RunOptions {
  /** Of a run that was cut off or stopped. */
  readonly folder: string;
  /** Told which checkpoint the run goes on from; undefined where no epoch of it ended. */
  readonly onCheckpoint?: (chosen: ChosenCheckpoint | undefined) => void;
}

/**
 * Goes on with a run from its newest usable checkpoint, as it was configured, and ends as if it had not
 * stopped: the same weights, the same history but for `seconds`, the same evaluation, to the byte. A run of
 * which no epoch ended begins anew in its folder.
 *
 * @throws HeddleError when the run is missing, damaged or finished, its data has changed, or the checkpoints that
 * it has can't be used.
 */
export async function resumeRun(options: ResumeRunOptions): Promise<TrainRunResult> {
  const { threads, signal, platform = nodePlatform, onEvent } = options;
  const folder = await RunFolder.open(options.folder);
  const settings = await folder.readConfig();
  const history = await folder.readWholeHistory();
  await refuseFinished(folder, settings, history);
  const dataset = await runDataset(settings, options);
  const model = createRunModel(settings, dataset, { threads, platform });
  try {
    const fit = runFitOptions(settings, signal);
    const wanted = { graph: model.graph, settings: model.fitSettings(dataset, fit) };
    const chosen = await chooseCheckpoint(folder.path, (checkpoint, file) => {
      checkCheckpoint(checkpoint, wanted, file);
      checkHistory(checkpoint, history, file, folder.path);
    });
    // A run cut off while it kept its first epoch has that one's line and no checkpoint yet: it begins anew.
    if (!chosen && history.length > 1) {
      throw new HeddleError(
        `${folder.path} has no checkpoint to go on from: it was deleted, or an older heddle trained it. Train it again in a new folder; its settings are in config.json.`,
      );
    }
    options.onCheckpoint?.(chosen);
    const done = history.slice(0, chosen?.checkpoint.position.epochsDone ?? 0);
    return await followRun({
      settings,
      dataset,
      model,
      fit: { ...fit, resume: chosen?.checkpoint },
      open: async (event) => {
        await reopen(folder, event, done, chosen);
        return folder;
      },
      history: done,
      onEvent,
    });
  } finally {
    await model.dispose();
  }
}

/** The judgement of a run that went to its end; undefined where it did not. */
export async function finishedEvaluation(
  folder: RunFolder,
  epochs: number,
  history: readonly EpochRecord[],
): Promise<{ readonly accuracy: number } | undefined> {
  if (history.length < epochs || (await hasCheckpoint(folder.path))) return undefined;
  return folder.readEvaluation();
}

async function refuseFinished(
  folder: RunFolder,
  { epochs }: RunConfig,
  history: readonly EpochRecord[],
): Promise<void> {
  const evaluation = await finishedEvaluation(folder, epochs, history);
  if (!evaluation) return;
  const accuracy = (100 * evaluation.accuracy).toFixed(2);
  throw new HeddleError(
    `${folder.path} is finished: its ${epochs} epochs are done and its test accuracy is ${accuracy} %. To see more, \`heddle evaluate ${folder.path}\`; to train longer, begin a new run.`,
  );
}

function checkHistory(
  { position }: Checkpoint,
  history: readonly EpochRecord[],
  file: string,
  folder: string,
): void {
  if (position.epochsDone <= history.length) return;
  throw new HeddleError(
    `${file} stands after epoch ${position.epochsDone}, but only ${history.length} whole epochs are in ${folder}/history.jsonl.`,
  );
}

/** Sets the folder back to what it held right after the checkpoint's epoch. */
async function reopen(
  folder: RunFolder,
  { threads, relaxedSimd, arenaBytes }: StartEvent,
  history: readonly EpochRecord[],
  chosen: ChosenCheckpoint | undefined,
): Promise<void> {
  await folder.restoreHistory(history);
  if (chosen) {
    const { model, bestTensors = model.tensors } = chosen.checkpoint;
    await settleCheckpoint(folder.path, chosen);
    await folder.writeWeights("last", encodeModel(model));
    await folder.writeWeights("best", encodeModel({ ...model, tensors: bestTensors }));
  }
  const startedAt = new Date().toISOString();
  const part = { ...describeEnvironment(), startedAt, threads, relaxedSimd, arenaBytes };
  await folder.addEnvironment({ ...part, epochsDone: history.length });
}
