import type { Dataset } from "../core/data/dataset.js";
import { crossEntropy } from "../core/metrics/cross-entropy.js";
import { predictedClasses, predictionsOf } from "../core/metrics/predictions.js";
import { Model } from "../core/training/model.js";
import { modelFromBytes } from "../core/training/model-from-bytes.js";
import { planFit } from "../core/training/plan-fit.js";
import { runFitOptions } from "../run/follow-run.js";
import type { RunHost, StopSignal } from "../run/host.js";
import { judgementOf, predictParts } from "../run/judge.js";
import type { RunFolder } from "../run/run-folder.js";
import type { RunPredictions } from "../run/run-record.js";
import type { TrainFigures } from "./trial.js";

/** What is looked at when a trial has ended. */
export interface Judging {
  /** The test images (default true); where not, nothing of the study looks at them. */
  readonly test?: boolean;
  /** The images that trained it (default false). */
  readonly train?: boolean;
}

export interface JudgeTrialOptions {
  readonly dataset: Dataset;
  readonly judging: Judging;
  readonly keepsPredictions: boolean;
  /** What the run's end found out already. */
  readonly predictions?: RunPredictions;
  readonly host: RunHost;
  readonly threads?: number;
  readonly signal?: StopSignal;
}

/**
 * Judges what a run's end left unjudged: a diverged run's best weights on the test images, and any run's on those that
 * trained them. Weights whose outputs are not numbers are judged by nothing.
 *
 * @returns null where training images are not asked for or can't be judged; undefined where it was told to stop
 * @throws HeddleError when the run has no such weights, or damaged ones.
 */
export async function judgeTrial(
  folder: RunFolder,
  options: JudgeTrialOptions,
): Promise<TrainFigures | null | undefined> {
  const { dataset, judging, keepsPredictions, predictions, host, threads, signal } = options;
  const { test = true, train = false } = judging;
  if (test && keepsPredictions && predictions) await folder.writePredictions(predictions);
  const judgesTest = test && (!(await folder.isJudged()) || (keepsPredictions && !predictions));
  if (!judgesTest && !train) return null;
  const config = await folder.readConfig();
  const { bytes, file } = await folder.readWeights("best");
  const { views } = config;
  const { graph, state } = modelFromBytes(bytes, file);
  const { platform, createNetwork } = host;
  const model = new Model(graph, { name: config.model, state, platform, createNetwork });
  model.compile({ threads, portable: config.portable });
  const predict = (images: Dataset["test"]["images"], indices: Uint32Array, place: string) =>
    predictParts(model, images, indices, place, { platform, signal, views });
  try {
    if (judgesTest) {
      const { images, labels, count } = dataset.test;
      const all = Uint32Array.from({ length: count }, (_, index) => index);
      const probabilities = await predict(images, all, "test.images");
      if (!probabilities) return undefined;
      if (!probabilities.every(Number.isFinite)) return null;
      const { calibration, classNames } = model;
      await folder.writeEvaluation(judgementOf(probabilities, labels, classNames, { calibration, views }));
      if (keepsPredictions) await folder.writePredictions({ probabilities, labels });
    }
    if (!train) return null;
    const { split } = planFit(model, dataset, runFitOptions(config, { onBody: config.body !== undefined }));
    const probabilities = await predict(dataset.train.images, split.train, "train.images");
    if (!probabilities) return undefined;
    if (!probabilities.every(Number.isFinite)) return null;
    const labels = Uint32Array.from(split.train, (index) => dataset.train.labels[index]);
    const trained = predictionsOf(probabilities, labels, model.classes);
    const right = predictedClasses(trained).filter((label, image) => label === labels[image]);
    return { accuracy: right.length / labels.length, loss: crossEntropy(trained) };
  } finally {
    await model.dispose();
  }
}
