import { resolve } from "node:path";
import type { Dataset } from "../../core/data/dataset.js";
import { HeddleError } from "../../core/errors.js";
import type { Evaluation } from "../../core/metrics/evaluation.js";
import { modelDefinitions } from "../../core/models/index.js";
import type { Platform } from "../../core/platform.js";
import { createSchedule } from "../../core/schedules/index.js";
import type {
  EndEvent,
  EpochEvent,
  EpochRecord,
  StartEvent,
  TrainEvent,
} from "../../core/training/events.js";
import { FASHION_MNIST, type LoadOptions, loadDataset } from "../data/load.js";
import { describeEnvironment } from "../environment.js";
import { NodeModel } from "../node-model.js";
import { nodePlatform } from "../platform.js";
import type { RunConfig } from "./run-config.js";
import { RunFolder } from "./run-folder.js";

/** What decides a run's result; the batch size may be left to the data (128, or all of fewer images). */
export type RunSettings = Omit<RunConfig, "batchSize"> & { readonly batchSize?: number };

export interface TrainRunOptions {
  readonly settings: RunSettings;
  /** Where the run is kept (default `runs/<UTC time>-<model>`); it must not exist. */
  readonly folder?: string;
  /** Default: one a processor. */
  readonly threads?: number;
  /** Stops after the current step and keeps the weights of that moment. */
  readonly signal?: AbortSignal;
  readonly data?: LoadOptions;
  readonly platform?: Platform;
  /** Told what goes on, and in which folder; called before the next step. */
  readonly onEvent?: (event: TrainEvent, run: { readonly folder: string; readonly dataset: Dataset }) => void;
}

/** What a run came to. */
export interface TrainRunResult {
  readonly folder: string;
  readonly end: EndEvent;
  readonly history: readonly EpochRecord[];
  /** Of the best weights on the test set; only where training finished. */
  readonly evaluation?: Evaluation;
}

/** The share of each class's training images that validates: the paper's. */
const validationShare = 0.2;

/**
 * Trains a model and keeps all of it in a run folder: the weights of the best and of the last epoch after each
 * epoch, those of the moment where it is interrupted, and at the end the best weights' judgement on the test
 * set, which nothing has looked at before.
 *
 * @throws HeddleError on bad data, settings that don't fit it, a folder in the way, a disk that fails.
 */
export async function trainRun(options: TrainRunOptions): Promise<TrainRunResult> {
  const { settings, threads, signal, platform = nodePlatform } = options;
  if (options.folder !== undefined) await RunFolder.requireFree(options.folder);
  const { dataset } = await loadDataset(settings.data, { signal, ...options.data });
  const model = new NodeModel(
    modelDefinitions[settings.model].layers(dataset.imageShape, dataset.classNames.length),
    {
      name: settings.model,
      inputShape: dataset.imageShape,
      seed: settings.seed,
      platform,
    },
  ).compile({
    optimizer: settings.optimizer,
    schedule: createSchedule(settings.schedule),
    labelSmoothing: settings.labelSmoothing,
    portable: settings.portable,
    threads,
  });
  try {
    return await trainInFolder(model, dataset, options);
  } finally {
    await model.dispose();
  }
}

async function trainInFolder(
  model: NodeModel,
  dataset: Dataset,
  options: TrainRunOptions,
): Promise<TrainRunResult> {
  const { settings, signal, onEvent } = options;
  const history: EpochRecord[] = [];
  let folder: RunFolder | undefined;
  let end: EndEvent | undefined;
  try {
    const events = model.fitEvents(dataset, {
      epochs: settings.epochs,
      batchSize: settings.batchSize,
      validationShare,
      splitSeed: settings.splitSeed,
      limit: settings.limit ?? undefined,
      augmentation: settings.augmentation ?? undefined,
      restoreBestWeights: true,
      signal,
    });
    for await (const event of events) {
      // Only at the start is it known that data and settings fit: a run that can't start leaves no folder behind.
      if (event.event === "start") folder = await startFolder(event, options);
      if (!folder) throw new Error("Training told something before its start.");
      if (event.event === "epoch") history.push(await keepEpoch(folder, event, model));
      if (event.event === "end") end = event;
      if (event.event === "end" && event.reason === "aborted") {
        await folder.writeWeights("interrupted", model.toBytes());
      }
      onEvent?.(event, { folder: folder.path, dataset });
    }
    if (!folder || !end) throw new Error("Training ended without saying so.");
    if (end.reason !== "finished") return { folder: folder.path, end, history };
    const evaluation = await model.evaluate(dataset.test);
    await folder.writeEvaluation(evaluation);
    return { folder: folder.path, end, history, evaluation };
  } catch (error) {
    if (!(error instanceof HeddleError) || !folder || history.length === 0) throw error;
    const kept = `The weights up to epoch ${history.length} are kept in ${folder.path}.`;
    throw new HeddleError(`${error.message} ${kept}`, { cause: error });
  }
}

async function startFolder(event: StartEvent, options: TrainRunOptions): Promise<RunFolder> {
  const { settings } = options;
  const startedAt = new Date();
  const folder = options.folder
    ? await RunFolder.create(options.folder)
    : await RunFolder.createNamed("runs", settings.model, startedAt);
  const data = settings.data === FASHION_MNIST ? settings.data : resolve(settings.data);
  await folder.writeConfig({ ...settings, data, batchSize: event.batchSize });
  const { threads, relaxedSimd, arenaBytes } = event;
  await folder.writeEnvironment({
    ...describeEnvironment(),
    startedAt: startedAt.toISOString(),
    threads,
    relaxedSimd,
    arenaBytes,
  });
  return folder;
}

async function keepEpoch(folder: RunFolder, event: EpochEvent, model: NodeModel): Promise<EpochRecord> {
  const { event: _, best, ...record } = event;
  const bytes = model.toBytes();
  await folder.writeWeights("last", bytes);
  if (best) await folder.writeWeights("best", bytes);
  await folder.addEpoch(record);
  return record;
}
