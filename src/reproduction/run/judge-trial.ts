import type { DatasetInMemory, ImageSetInMemory } from "../../core/data/dataset.js";
import { crossEntropy } from "../../core/metrics/cross-entropy.js";
import { evaluate } from "../../core/metrics/evaluation.js";
import { predictedClasses, predictionsOf } from "../../core/metrics/predictions.js";
import type { Platform } from "../../core/platform.js";
import { planFit } from "../../core/training/plan-fit.js";
import { modelFromFile } from "../../node/node-model.js";
import { runFitOptions } from "../../run/follow-run.js";
import type { RunFolder } from "../../run/run-folder.js";
import type { RunPredictions } from "../../run/run-record.js";
import type { TrialConfig, TrialRecord } from "../plan/trial.js";

export type Judgement = Pick<TrialRecord, "test" | "train"> & {
  readonly predictions: RunPredictions | undefined;
};

/**
 * Judges a run's best weights: on the test images, and on those that trained them. Weights whose outputs are not
 * numbers are judged by nulls.
 *
 * @throws HeddleError when the run has no such weights, or damaged ones.
 */
export async function judgeTrial(
  folder: RunFolder,
  config: TrialConfig,
  dataset: DatasetInMemory,
  { threads, platform }: { readonly threads?: number; readonly platform: Platform },
): Promise<Judgement> {
  const { bytes, file } = await folder.readWeights("best");
  const model = modelFromFile(bytes, file, { name: config.model, platform });
  model.compile({ threads, portable: config.portable });
  try {
    const { split } = planFit(model, dataset, runFitOptions(config));
    const trained = pick(dataset.train, split.train);
    const { labels } = dataset.test;
    const probabilities = await model.predict(dataset.test.images);
    const trainProbabilities = await model.predict(trained.images);
    if (![probabilities, trainProbabilities].every((values) => values.every(Number.isFinite))) {
      return { test: null, train: null, predictions: undefined };
    }
    const { roc: _, ...test } = evaluate(probabilities, labels, model.classNames);
    const onTrained = predictionsOf(trainProbabilities, trained.labels, model.classes);
    const right = predictedClasses(onTrained).filter((label, image) => label === trained.labels[image]);
    return {
      test,
      train: { accuracy: right.length / trained.count, loss: crossEntropy(onTrained) },
      predictions: { probabilities, labels },
    };
  } finally {
    await model.dispose();
  }
}

/** The images of these indices, in their order. */
function pick({ images, labels, count }: ImageSetInMemory, indices: Uint32Array): ImageSetInMemory {
  const size = images.length / count;
  const picked = new Uint8Array(indices.length * size);
  for (const [place, index] of indices.entries()) {
    picked.set(images.subarray(index * size, (index + 1) * size), place * size);
  }
  return {
    count: indices.length,
    images: picked,
    labels: Uint8Array.from(indices, (index) => labels[index]),
  };
}
