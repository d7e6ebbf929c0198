import { arithmeticVersion } from "../core/arithmetic.js";
import { imagesMark } from "../core/data/images-mark.js";
import { HeddleError } from "../core/errors.js";
import { encodeModel } from "../core/formats/index.js";
import { resolveOptions } from "../core/options/index.js";
import { misfit } from "../core/training/check-data.js";
import { checkCheckpoint } from "../core/training/checkpoint.js";
import type { EpochRecord, StartEvent } from "../core/training/events.js";
import { modelFromBytes } from "../core/training/model-from-bytes.js";
import type { ModelState } from "../core/training/model-options.js";
import { percent } from "../core/words.js";
import { isAtEnd } from "./at-end.js";
import { type ChosenCheckpoint, chooseCheckpoint, settleCheckpoint } from "./checkpoints.js";
import { isOwnData } from "./data-request.js";
import { epochsDone, epochsText, stoppedEarly } from "./epochs-done.js";
import { firstImages, imageParts, keepFirstImages, otherThanFirst } from "./first-images.js";
import {
  createRunModel,
  type FitContext,
  followRun,
  runFitOptions,
  type TrainRunResult,
  withAverage,
} from "./follow-run.js";
import type { RunHost } from "./host.js";
import type { RunConfig } from "./run-config.js";
import { RunError } from "./run-error.js";
import { RunFolder } from "./run-folder.js";
import { runImages } from "./run-images.js";
import { type ResumeRunOptions, resumeRunOptions } from "./run-options.js";
import { planOf } from "./run-settings.js";
import type { Store } from "./store.js";
import { readTeaching } from "./teacher.js";
import { checkTestImages, withoutTestImages } from "./test-images.js";

/**
 * Goes on with a run from its newest usable checkpoint, as it was configured, and ends as if it had not
 * stopped: the same weights, the same history but for `seconds`, the same evaluation, to the byte. A run of
 * which no epoch ended begins anew in its folder. Images that are elsewhere by now, at `data`, must be the same by their
 * checksums.
 *
 * @throws HeddleError when the run is missing, damaged, finished or another process's, its data has changed, or the
 * checkpoints that it has can't be used.
 */
export async function resumeRun(
  store: Store,
  options: ResumeRunOptions,
  host: RunHost,
): Promise<TrainRunResult> {
  const resolved = resolveOptions("resumeRun", options, resumeRunOptions) as ResumeRunOptions;
  const folder = await RunFolder.open(store);
  const config = await folder.readConfig();
  const lock = await folder.lock();
  try {
    if (lock.takenOver !== undefined) resolved.onWarning?.(lock.takenOver);
    return await resume(folder, config, resolved, host);
  } finally {
    await lock.release();
  }
}

async function resume(
  folder: RunFolder,
  config: RunConfig,
  options: ResumeRunOptions,
  host: RunHost,
): Promise<TrainRunResult> {
  const { threads, signal, judge, onEvent, onWarning } = options;
  const { store } = folder;
  const history = await folder.readWholeHistory();
  await refuseFinished(folder, config, history);
  refuseOtherArithmetic(folder, config);
  const { data } = options;
  const plan = planOf(config);
  const dataset = await runImages({ where: store.where, config }, options, host);
  const state = config.body && (await firstState(folder));
  const teaching = await teachingOf(folder, config, host);
  const model = createRunModel(plan, dataset, { threads, host, state });
  try {
    const unfit = misfit(dataset, model);
    if (unfit) {
      const message = `The run's model ${unfit.what}. Go on with it on the set that it was trained on.`;
      throw new RunError(message, { code: "otherImages", run: folder.where });
    }
    const fit = runFitOptions(config, { signal, onBody: config.body !== undefined, teaching });
    const wanted = { graph: model.graph, settings: model.fitSettings(dataset, fit) };
    const testImages = imagesMark(dataset.test);
    const chosen = await chooseCheckpoint(store, history, (whole, file) => {
      const checkpoint = withoutTestImages(whole);
      checkCheckpoint(checkpoint, wanted, file);
      checkTestImages(whole, testImages, file);
      return checkpoint;
    });
    // A run cut off while it kept its first epoch has that one's line and no checkpoint yet: it begins anew.
    // One that was judged is no such run, whatever is left of its history.
    if (!chosen && (history.length > 1 || (await folder.isJudged()))) {
      throw new HeddleError(
        `${store.where} has no checkpoint to go on from: it was deleted, an older heddle trained the run, or the run is finished and its history.jsonl is damaged. Train it again in a new folder; its settings are in config.json.`,
      );
    }
    const isElsewhere = data !== undefined && (config.ownData || !isOwnData(config, data, host));
    if (!chosen && isElsewhere && !(await firstImages(store))) {
      throw new HeddleError(
        `No epoch of ${store.where} ended, so nothing tells whether the images of ${data} are those that it began with. Train it as a new run on them; its settings are in config.json.`,
      );
    }
    // What it would begin anew with may have been made of the images that it had.
    const mayBeOthers =
      isElsewhere ||
      options.dataset !== undefined ||
      config.body !== undefined ||
      config.teacher !== undefined;
    const other = !chosen && mayBeOthers && (await otherThanFirst(store, dataset, imageParts));
    if (other) {
      throw new HeddleError(
        `${store.where} began on other images, and no epoch of it ended: ${other}. Put the data back as it was, or train it as a new run; its settings are in config.json.`,
      );
    }
    options.onCheckpoint?.(chosen);
    if (chosen && chosen.lostEpochs.length > 0) onWarning?.(lostFigures(folder, chosen));
    const last = chosen?.checkpoint.position.epochsDone ?? 0;
    const done = history.filter(({ epoch }) => epoch <= last);
    return await followRun({
      dataset,
      model,
      host,
      fit: { ...fit, resume: chosen?.checkpoint },
      open: async (event) => {
        await reopen(folder, event, done, chosen, { onWarning, host });
        await keepFirstImages(store, dataset);
        return { folder, config };
      },
      history: done,
      signal,
      judge,
      onEvent,
    });
  } finally {
    await model.dispose();
  }
}

/** What a run was taught; undefined where it learns by labels alone. */
export async function teachingOf(
  folder: RunFolder,
  { teacher: record }: RunConfig,
  host: RunHost,
): Promise<FitContext["teaching"]> {
  if (!record) return undefined;
  const { bytes, file } = await folder.readTeacher();
  return { record, probabilities: readTeaching(bytes, file, record, host) };
}

/** What a run on a body begins with. A checkpoint has other weights, and the same normalization. */
async function firstState(folder: RunFolder): Promise<ModelState> {
  const { bytes, file } = await folder.readFirst();
  return modelFromBytes(bytes, file).state;
}

async function refuseFinished(
  folder: RunFolder,
  config: RunConfig,
  history: readonly EpochRecord[],
): Promise<void> {
  if (!(await isAtEnd(folder, config, history))) return;
  const isJudged = await folder.isJudged();
  // Of one epoch it may have been cut off behind that, before it had a checkpoint.
  if (!isJudged && epochsDone(history) < 2) return;
  const run = folder.where;
  const isEarly = stoppedEarly(config, history);
  const finished = isEarly
    ? `${run} is finished: it stopped early, after epoch ${epochsDone(history)} of ${config.epochs}`
    : `${run} is finished: its ${config.epochs} epochs are done`;
  if (!isJudged) {
    throw new RunError(
      `${finished}, and nothing was judged. Its best weights can be judged as they are; to train longer, begin a new run.`,
      { code: "finished", run },
    );
  }
  const evaluation = await folder.readEvaluation().catch((cause: unknown) => {
    if (!(cause instanceof HeddleError)) throw cause;
    throw new RunError(
      `${finished}. But its judgement can't be read: ${cause.message} Judge it again, and that file is written anew.`,
      { code: "judgementDamaged", run, cause },
    );
  });
  if (!evaluation) return;
  throw new RunError(
    `${finished}${isEarly ? "," : ""} and its test accuracy is ${percent(evaluation.accuracy)}. To train longer, begin a new run.`,
    { code: "finished", run },
  );
}

/** One run is of one arithmetic: half of each would be neither's result. */
function refuseOtherArithmetic({ where: run }: RunFolder, config: RunConfig): void {
  if (config.arithmeticVersion === arithmeticVersion) return;
  throw new RunError(
    `${run} is trained with version ${config.arithmeticVersion} of the arithmetic, and this heddle computes with version ${arithmeticVersion}: going on would give weights that neither gives. ` +
      "It can be judged and reported as it is; go on with the heddle that began it, which its environment.json names, or train it again in a new folder, its settings are in config.json.",
    { code: "otherArithmetic", run },
  );
}

function lostFigures({ store }: RunFolder, { lostEpochs: lost }: ChosenCheckpoint): string {
  return (
    `${store.place("history.jsonl")} is damaged: the losses, accuracies and times of ${epochsText(lost)} are lost. ` +
    "The weights don't depend on them, and training goes on; the history stays without these epochs."
  );
}

/** Sets the folder back to what it held right after the checkpoint's epoch. */
async function reopen(
  folder: RunFolder,
  { threads, relaxedSimd, arenaBytes, trainImages, validationImages }: StartEvent,
  history: readonly EpochRecord[],
  chosen: ChosenCheckpoint | undefined,
  { onWarning, host }: Pick<ResumeRunOptions, "onWarning"> & { readonly host: RunHost },
): Promise<void> {
  await folder.removeJudgements();
  await folder.restoreHistory(history);
  if (chosen) {
    const { model, average, bestTensors = model.tensors, bestAverage = average } = chosen.checkpoint;
    await settleCheckpoint(folder.store, chosen);
    await folder.writeWeights("last", encodeModel(model));
    await folder.writeWeights(
      "best",
      encodeModel(withAverage({ ...model, tensors: bestTensors }, bestAverage)),
    );
  }
  const startedAt = new Date().toISOString();
  const images = { trainImages, validationImages };
  const part = { ...host.describeEnvironment(), startedAt, threads, relaxedSimd, arenaBytes, ...images };
  await folder.addEnvironment(
    { ...part, epochsDone: chosen?.checkpoint.position.epochsDone ?? 0 },
    onWarning,
  );
}
