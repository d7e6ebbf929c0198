import type { Dataset } from "../core/data/dataset.js";
import { type ImagesMark, imagesMark } from "../core/data/images-mark.js";
import { HeddleError, UsageError } from "../core/errors.js";
import { encodeModel, type ModelContents } from "../core/formats/model-file.js";
import { createSchedule } from "../core/schedules/index.js";
import { checkedDataset } from "../core/training/check-dataset.js";
import type { EndEvent, EpochEvent, StartEvent } from "../core/training/events.js";
import type { FitEventsOptions } from "../core/training/fit.js";
import { Model } from "../core/training/model.js";
import type { ModelState } from "../core/training/model-options.js";
import { averagedWeights, type WeightAverage } from "../core/training/weight-average.js";
import { calibrateRun } from "./calibrate-run.js";
import { removeCheckpoints, writeCheckpoint } from "./checkpoints.js";
import { epochsDone, lostEpochs } from "./epochs-done.js";
import { firstImagesFile } from "./first-images.js";
import { isStop, type RunHost, refuseStopped, type StopSignal } from "./host.js";
import { judge, type RunJudgement } from "./judge.js";
import { leaksOf } from "./leaks.js";
import type { RunPredictions } from "./predictions-file.js";
import { digestOf } from "./receipt/digests.js";
import { makeReceipt } from "./receipt/make-receipt.js";
import type { RunConfig } from "./run-config.js";
import type { RunEpoch } from "./run-epoch.js";
import { RunError } from "./run-error.js";
import type { RunFolder } from "./run-folder.js";
import type { OnRunEvent, RunOptions } from "./run-options.js";
import type { RunPlan } from "./run-settings.js";
import type { Teaching } from "./teacher.js";
import { withTestImages } from "./test-images.js";

/** The data set of a run. Throws the signal's reason where it is told to stop meanwhile. */
export async function runDataset(
  { data: { data, dataOptions: options, preparation } }: RunPlan,
  { dataset, signal }: RunOptions,
  host: RunHost,
): Promise<Dataset> {
  const request = { options, preparation, signal };
  const loaded = dataset ? checkedDataset("dataset", dataset) : await host.loadData(data, request);
  refuseStopped(signal);
  return loaded;
}

/** What a run came to. */
export interface TrainRunResult {
  readonly folder: string;
  readonly end: EndEvent;
  /** Of the whole run, the epochs before a checkpoint included. */
  readonly history: readonly RunEpoch[];
  /** Of the best weights on the test set; only where training finished, and it was judged. */
  readonly evaluation?: RunJudgement;
  /** What that is made of. */
  readonly predictions?: RunPredictions;
}

export interface RunToFollow {
  readonly dataset: Dataset;
  readonly model: Model;
  readonly fit: FitEventsOptions;
  readonly host: RunHost;
  /** Makes the folder ready, at the start event: only then is it known that data and settings fit. */
  readonly open: (event: StartEvent) => Promise<{ readonly folder: RunFolder; readonly config: RunConfig }>;
  /** The epochs done before. */
  readonly history?: readonly RunEpoch[];
  readonly signal?: StopSignal;
  /** Default true. */
  readonly judge?: boolean;
  readonly onEvent?: OnRunEvent;
}

/** The model of a run on its images, with the first weights of its seed, or those that it begins with. */
export function createRunModel(
  { model, training }: RunPlan,
  { imageShape, classNames }: Dataset,
  {
    threads,
    host,
    state,
  }: { readonly threads?: number; readonly host: RunHost; readonly state?: ModelState },
): Model {
  const { optimizer, schedule, labelSmoothing, clipNorm, parameterGroups, weightAverage, portable, seed } =
    training;
  const graph = model.graph(imageShape, classNames.length);
  const { platform, createNetwork } = host;
  return new Model(graph, { name: model.name, seed, state, platform, createNetwork }).compile({
    optimizer,
    schedule: createSchedule(schedule),
    labelSmoothing,
    clipNorm,
    parameterGroups,
    weightAverage,
    portable,
    threads,
  });
}

/** What a run's fit needs beside its settings. */
export interface FitContext {
  readonly signal?: StopSignal;
  readonly onBody?: boolean;
  readonly teaching?: Pick<Teaching, "record" | "probabilities">;
}

/** What `fit` is told of a run's settings. */
export function runFitOptions(
  training: RunPlan["training"],
  { signal, onBody = false, teaching }: FitContext = {},
): FitEventsOptions {
  return {
    // A body was trained with its own, be it that of pixels as they are, and its head with that.
    ...(onBody && { normalization: "keep" as const }),
    epochs: training.epochs,
    batchSize: training.batchSize,
    splitSeed: training.splitSeed,
    limit: training.limit ?? undefined,
    augmentation: training.augmentation ?? undefined,
    classWeights: training.classWeights,
    earlyStopping: training.earlyStopping,
    validationShare: training.validationShare,
    ...(teaching && { distillation: distillationOf(teaching) }),
    restoreBestWeights: true,
    signal,
  };
}

const distillationOf = ({
  record: { weight, temperature, softens },
  probabilities,
}: NonNullable<FitContext["teaching"]>) => ({
  probabilities,
  weight,
  temperature,
  softens,
});

/** Trains to the end of a run, or to where it is stopped, and keeps everything in its folder. */
export async function followRun(run: RunToFollow): Promise<TrainRunResult> {
  const { model, dataset, host, signal } = run;
  if (run.judge !== false && dataset.test.count === 0) {
    throw new UsageError(
      "The data has no test images, and a run is judged on them at its end. Give some, or leave the judging out, judge: false.",
    );
  }
  const testImages = imagesMark(dataset.test);
  const history = [...(run.history ?? [])];
  let opened: { readonly folder: RunFolder; readonly config: RunConfig } | undefined;
  let start: StartEvent | undefined;
  let end: EndEvent | undefined;
  // At its end the model has its best weights again: those of the moment are asked for when it comes.
  let interrupted: Promise<Uint8Array> | undefined;
  const keepMoment = (): void => {
    interrupted = model.toBytes();
    interrupted.catch(() => undefined);
  };
  signal?.addEventListener("abort", keepMoment, { once: true });
  try {
    for await (const event of model.fitEvents(dataset, run.fit)) {
      // A signal that came before it was listened to says nothing more.
      if (signal?.aborted && event.event !== "end" && !interrupted) keepMoment();
      if (event.event === "start") {
        start = event;
        opened = await run.open(event);
      }
      if (!opened) throw new Error("Training told something before its start.");
      const { folder, config } = opened;
      if (event.event === "epoch") history.push(await keepEpoch(folder, event, { model, testImages, host }));
      if (event.event === "end") end = event;
      if (event.event === "end" && event.reason === "aborted") {
        await folder.writeWeights("interrupted", await (interrupted ?? model.toBytes()));
      }
      run.onEvent?.(event, { folder: folder.where, dataset, config, history });
    }
    if (!opened || !start || !end) throw new Error("Training ended without saying so.");
    const { folder, config } = opened;
    const result = { folder: folder.where, end, history };
    if (end.reason !== "finished" && end.reason !== "stopped early") return result;
    const weights = config.weightAverage ? "average" : "trained";
    const { views, temperature } = config;
    const options = { platform: host.platform, signal, weights, views } as const;
    const trainedOn = { dataset, fit: run.fit, temperature };
    const calibration = await calibrateRun(model, { folder, ...trainedOn }, options);
    if (calibration === "stopped") return result;
    if (run.judge === false) {
      await removeCheckpoints(folder.store);
      return result;
    }
    const judged = await judge(model, dataset.test, {
      ...options,
      calibration,
      leaks: leaksOf(config, dataset),
    });
    if (!judged) return result;
    const { evaluation, probabilities } = judged;
    await folder.writeEvaluation(evaluation);
    // What has lost some of its epochs can't be held against them.
    if (lostEpochs(history, epochsDone(history)).length === 0) {
      const { relaxedSimd: fusedMultiplyAdd, threads } = start;
      const ended = { folder, config, dataset, history, ...judged, fusedMultiplyAdd, threads, host, signal };
      const receipt = await makeReceipt(ended).catch((error: unknown) => {
        if (isStop(error, signal)) return undefined;
        throw error;
      });
      if (!receipt) return result;
      await folder.writeReceipt(receipt);
      await folder.store.remove(firstImagesFile);
    }
    await removeCheckpoints(folder.store);
    return { ...result, evaluation, predictions: { probabilities, labels: dataset.test.labels } };
  } catch (error) {
    if (!(error instanceof HeddleError) || !opened || history.length === 0) throw error;
    const { where } = opened.folder;
    throw new RunError(
      `${error.message} The weights up to epoch ${epochsDone(history)} are kept in ${where}.`,
      {
        code: "brokenOff",
        run: where,
        cause: error,
      },
    );
  } finally {
    signal?.removeEventListener("abort", keepMoment);
  }
}

/** A model as it is kept to be used: with the average of its weights, where there is one. */
export const withAverage = (model: ModelContents, average: WeightAverage | undefined): ModelContents =>
  average ? { ...model, tensors: averagedWeights(model.tensors, average) } : model;

/** The checkpoint comes last: all that it goes on from is on disk before it. */
async function keepEpoch(
  folder: RunFolder,
  event: EpochEvent,
  {
    model,
    testImages,
    host,
  }: { readonly model: Model; readonly testImages: ImagesMark; readonly host: RunHost },
): Promise<RunEpoch> {
  const { event: _, best, ...figures } = event;
  const checkpoint = withTestImages(await model.checkpoint(), testImages);
  const { model: last, average } = checkpoint;
  const bytes = encodeModel(last);
  await folder.writeWeights("last", bytes);
  if (best) await folder.writeWeights("best", average ? encodeModel(withAverage(last, average)) : bytes);
  const record = { ...figures, weightsDigest: digestOf(bytes, host) };
  await folder.addEpoch(record);
  await writeCheckpoint(folder.store, checkpoint);
  return record;
}
