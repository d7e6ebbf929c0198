import { existsSync } from "node:fs";
import { HeddleError } from "../../core/errors.js";
import { encodeModel } from "../../core/formats/index.js";
import { checkCheckpoint } from "../../core/training/checkpoint.js";
import type { EpochRecord, StartEvent } from "../../core/training/events.js";
import { describeEnvironment } from "../environment.js";
import { nodePlatform } from "../platform.js";
import { type ChosenCheckpoint, chooseCheckpoint, hasCheckpoint, settleCheckpoint } from "./checkpoints.js";
import { epochsDone, epochsText } from "./epochs-done.js";
import {
  createRunModel,
  followRun,
  type RunOptions,
  runDataset,
  runFitOptions,
  type TrainRunResult,
} from "./follow-run.js";
import { imagesMark } from "./images-mark.js";
import type { RunConfig } from "./run-config.js";
import { RunFolder } from "./run-folder.js";
import { checkTestImages, withoutTestImages } from "./test-images.js";

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
 * @throws HeddleError when the run is missing, damaged, finished or another process's, its data has changed, or the
 * checkpoints that it has can't be used.
 */
export async function resumeRun(options: ResumeRunOptions): Promise<TrainRunResult> {
  const folder = await RunFolder.open(options.folder);
  const settings = await folder.readConfig();
  const lock = await folder.lock();
  try {
    if (lock.takenOver !== undefined) options.onWarning?.(lock.takenOver);
    return await resume(folder, settings, options);
  } finally {
    await lock.release();
  }
}

async function resume(
  folder: RunFolder,
  settings: RunConfig,
  options: ResumeRunOptions,
): Promise<TrainRunResult> {
  const { threads, signal, platform = nodePlatform, onEvent, onWarning } = options;
  const history = await folder.readWholeHistory();
  await refuseFinished(folder, settings, history);
  const dataset = await runDataset(settings, options);
  const model = createRunModel(settings, dataset, { threads, platform });
  try {
    const fit = runFitOptions(settings, signal);
    const wanted = { graph: model.graph, settings: model.fitSettings(dataset, fit) };
    const testImages = imagesMark(dataset.test);
    const chosen = await chooseCheckpoint(folder.path, history, (whole, file) => {
      const checkpoint = withoutTestImages(whole);
      checkCheckpoint(checkpoint, wanted, file);
      checkTestImages(whole, testImages, file);
      return checkpoint;
    });
    // A run cut off while it kept its first epoch has that one's line and no checkpoint yet: it begins anew.
    // One that was judged is no such run, whatever is left of its history.
    if (!chosen && (history.length > 1 || existsSync(folder.evaluationFile))) {
      throw new HeddleError(
        `${folder.path} has no checkpoint to go on from: it was deleted, an older heddle trained the run, or the run is finished and its history.jsonl is damaged. Train it again in a new folder; its settings are in config.json.`,
      );
    }
    options.onCheckpoint?.(chosen);
    if (chosen && chosen.lostEpochs.length > 0) onWarning?.(lostFigures(folder, chosen));
    const last = chosen?.checkpoint.position.epochsDone ?? 0;
    const done = history.filter(({ epoch }) => epoch <= last);
    return await followRun({
      settings,
      dataset,
      model,
      fit: { ...fit, resume: chosen?.checkpoint },
      open: async (event) => {
        await reopen(folder, event, done, chosen, onWarning);
        return folder;
      },
      history: done,
      signal,
      onEvent,
    });
  } finally {
    await model.dispose();
  }
}

/** Whether a run went to its end and was judged. */
export async function isFinished(
  folder: RunFolder,
  epochs: number,
  history: readonly EpochRecord[],
): Promise<boolean> {
  if (epochsDone(history) < epochs || (await hasCheckpoint(folder.path))) return false;
  return existsSync(folder.evaluationFile);
}

async function refuseFinished(
  folder: RunFolder,
  { epochs }: RunConfig,
  history: readonly EpochRecord[],
): Promise<void> {
  if (!(await isFinished(folder, epochs, history))) return;
  const { path } = folder;
  const evaluation = await folder.readEvaluation().catch((cause: unknown) => {
    if (!(cause instanceof HeddleError)) throw cause;
    throw new HeddleError(
      `${path} is finished: its ${epochs} epochs are done. But its judgement can't be read: ${cause.message} \`heddle evaluate ${path}\` judges it again and writes that file anew.`,
      { cause },
    );
  });
  if (!evaluation) return;
  const accuracy = (100 * evaluation.accuracy).toFixed(2);
  throw new HeddleError(
    `${path} is finished: its ${epochs} epochs are done and its test accuracy is ${accuracy} %. To see more, \`heddle evaluate ${path}\`; to train longer, begin a new run.`,
  );
}

function lostFigures({ path }: RunFolder, { lostEpochs: lost }: ChosenCheckpoint): string {
  return (
    `${path}/history.jsonl is damaged: the losses, accuracies and times of ${epochsText(lost)} are lost. ` +
    "The weights don't depend on them, and training goes on; the history stays without these epochs."
  );
}

/** Sets the folder back to what it held right after the checkpoint's epoch. */
async function reopen(
  folder: RunFolder,
  { threads, relaxedSimd, arenaBytes }: StartEvent,
  history: readonly EpochRecord[],
  chosen: ChosenCheckpoint | undefined,
  onWarning: ResumeRunOptions["onWarning"],
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
  await folder.addEnvironment(
    { ...part, epochsDone: chosen?.checkpoint.position.epochsDone ?? 0 },
    onWarning,
  );
}
