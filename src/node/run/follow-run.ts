import type { Dataset } from "../../core/data/dataset.js";
import { HeddleError } from "../../core/errors.js";
import { encodeModel } from "../../core/formats/model-file.js";
import { chainOf } from "../../core/graph/index.js";
import type { Evaluation } from "../../core/metrics/evaluation.js";
import type { Platform } from "../../core/platform.js";
import { createSchedule } from "../../core/schedules/index.js";
import type {
  EndEvent,
  EpochEvent,
  EpochRecord,
  StartEvent,
  TrainEvent,
} from "../../core/training/events.js";
import type { FitOptions } from "../../core/training/fit.js";
import { type LoadOptions, loadDataset } from "../data/load.js";
import { NodeModel } from "../node-model.js";
import { removeCheckpoints, writeCheckpoint } from "./checkpoints.js";
import { epochsDone } from "./epochs-done.js";
import { type ImagesMark, imagesMark } from "./images-mark.js";
import { judge } from "./judge.js";
import type { RunConfig } from "./run-config.js";
import type { RunFolder } from "./run-folder.js";
import { runLayers } from "./run-layers.js";
import { withTestImages } from "./test-images.js";

/** What decides a run's result; the batch size may be left to the data (128, or all of fewer images). */
export type RunSettings = Omit<RunConfig, "batchSize"> & { readonly batchSize?: number };

/** Told what goes on, in which folder, on what; called before the next step. */
export type OnRunEvent = (
  event: TrainEvent,
  run: { readonly folder: string; readonly dataset: Dataset; readonly settings: RunSettings },
) => void;

/** What a run takes, a new one or one that goes on. */
export interface RunOptions {
  /** Default: one a processor; it never changes a result. */
  readonly threads?: number;
  /** Stops after the current step and keeps the weights of that moment. */
  readonly signal?: AbortSignal;
  readonly data?: LoadOptions;
  /** What the settings' `data` names, where it is loaded already. */
  readonly dataset?: Dataset;
  readonly platform?: Platform;
  readonly onEvent?: OnRunEvent;
  /** Told what was found damaged and made good, or left behind and taken over. */
  readonly onWarning?: (message: string) => void;
}

/** The data set that a run's settings name. Throws the signal's reason where it is told to stop meanwhile. */
export async function runDataset(
  { data: name }: RunSettings,
  { dataset, data, signal }: RunOptions,
): Promise<Dataset> {
  const loaded = dataset ?? (await loadDataset(name, { signal, ...data })).dataset;
  signal?.throwIfAborted();
  return loaded;
}

/** What a run came to. */
export interface TrainRunResult {
  readonly folder: string;
  readonly end: EndEvent;
  /** Of the whole run, the epochs before a checkpoint included. */
  readonly history: readonly EpochRecord[];
  /** Of the best weights on the test set; only where training finished, and nothing stopped the judging. */
  readonly evaluation?: Evaluation;
}

export interface RunToFollow {
  readonly settings: RunSettings;
  readonly dataset: Dataset;
  readonly model: NodeModel;
  readonly fit: FitOptions;
  /** Makes the folder ready, at the start event: only then is it known that data and settings fit. */
  readonly open: (event: StartEvent) => Promise<RunFolder>;
  /** The epochs done before. */
  readonly history?: readonly EpochRecord[];
  readonly signal?: AbortSignal;
  readonly onEvent?: OnRunEvent;
}

/** The share of each class's training images that validates: the paper's. */
const validationShare = 0.2;

export function createRunModel(
  settings: RunSettings,
  dataset: Dataset,
  { threads, platform }: { readonly threads?: number; readonly platform: Platform },
): NodeModel {
  const { model: name, seed } = settings;
  const { imageShape: inputShape, classNames } = dataset;
  const graph = chainOf(runLayers(settings, inputShape, classNames.length), inputShape);
  return new NodeModel(graph, { name, seed, platform }).compile({
    optimizer: settings.optimizer,
    schedule: createSchedule(settings.schedule),
    labelSmoothing: settings.labelSmoothing,
    portable: settings.portable,
    threads,
  });
}

export function runFitOptions(settings: RunSettings, signal?: AbortSignal): FitOptions {
  return {
    epochs: settings.epochs,
    batchSize: settings.batchSize,
    validationShare,
    splitSeed: settings.splitSeed,
    limit: settings.limit ?? undefined,
    augmentation: settings.augmentation ?? undefined,
    restoreBestWeights: true,
    signal,
  };
}

/** Trains to the end of a run, or to where it is stopped, and keeps everything in its folder. */
export async function followRun(run: RunToFollow): Promise<TrainRunResult> {
  const { model, dataset, settings } = run;
  const testImages = imagesMark(dataset.test);
  const history = [...(run.history ?? [])];
  let folder: RunFolder | undefined;
  let end: EndEvent | undefined;
  // At its end the model has its best weights again: those of the moment are asked for when it comes.
  let interrupted: Promise<Uint8Array> | undefined;
  const keepMoment = (): void => {
    interrupted = model.toBytes();
    interrupted.catch(() => undefined);
  };
  run.signal?.addEventListener("abort", keepMoment, { once: true });
  try {
    for await (const event of model.fitEvents(dataset, run.fit)) {
      if (event.event === "start") folder = await run.open(event);
      if (!folder) throw new Error("Training told something before its start.");
      if (event.event === "epoch") history.push(await keepEpoch(folder, event, model, testImages));
      if (event.event === "end") end = event;
      if (event.event === "end" && event.reason === "aborted") {
        await folder.writeWeights("interrupted", await (interrupted ?? model.toBytes()));
      }
      run.onEvent?.(event, { folder: folder.path, dataset, settings });
    }
    if (!folder || !end) throw new Error("Training ended without saying so.");
    if (end.reason !== "finished") return { folder: folder.path, end, history };
    const evaluation = await judge(model, dataset.test, run.signal);
    if (!evaluation) return { folder: folder.path, end, history };
    await folder.writeEvaluation(evaluation);
    await removeCheckpoints(folder.path);
    return { folder: folder.path, end, history, evaluation };
  } catch (error) {
    if (!(error instanceof HeddleError) || !folder || history.length === 0) throw error;
    const kept =
      `The weights up to epoch ${epochsDone(history)} are kept in ${folder.path}; ` +
      `\`heddle train --resume ${folder.path}\` goes on from there.`;
    throw new HeddleError(`${error.message} ${kept}`, { cause: error });
  } finally {
    run.signal?.removeEventListener("abort", keepMoment);
  }
}

/** The checkpoint comes last: all that it goes on from is on disk before it. */
async function keepEpoch(
  folder: RunFolder,
  event: EpochEvent,
  model: NodeModel,
  testImages: ImagesMark,
): Promise<EpochRecord> {
  const { event: _, best, ...record } = event;
  const checkpoint = withTestImages(await model.checkpoint(), testImages);
  const bytes = encodeModel(checkpoint.model);
  await folder.writeWeights("last", bytes);
  if (best) await folder.writeWeights("best", bytes);
  await folder.addEpoch(record);
  await writeCheckpoint(folder.path, checkpoint);
  return record;
}
