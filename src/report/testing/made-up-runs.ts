import { sha256 } from "../../core/formats/sha256.js";
import { shapeSize } from "../../core/layers/shape.js";
import { evaluate } from "../../core/metrics/evaluation.js";
import { createRandom } from "../../core/random.js";
import { type Receipt, sealReceipt } from "../../run/receipt/receipt.js";
import type { RunConfig } from "../../run/run-config.js";
import type { RunRecord } from "../../run/run-record.js";

export const madeUpClasses = ["T-shirt/top", "Trouser", "<Pullover> & co", "Ankle boot"];

/** [H, W, C] */
export const madeUpShape = [8, 6, 1];

const config: RunConfig = {
  model: "lenet",
  data: "fashion-mnist",
  epochs: 40,
  batchSize: 128,
  optimizer: { name: "sgd", momentum: 0.9, nesterov: false, weightDecay: 0 },
  schedule: { name: "constant", learningRate: 0.1 },
  labelSmoothing: 0,
  augmentation: null,
  seed: 1,
  splitSeed: 1,
  limit: null,
  portable: false,
  ownData: false,
  arithmeticVersion: 1,
};

/** Digests of nothing, in the places of a run's own. */
function madeUpReceipt(run: RunConfig, images: number): Receipt {
  const digest = (of: string): string => sha256(`${of} ${run.seed}`);
  const part = (name: string) => ({
    count: images,
    images: digest(`${name} images`),
    labels: digest(`${name} labels`),
  });
  const figures = {
    trainLoss: 1,
    trainAccuracy: 0.5,
    validationLoss: 1,
    validationAccuracy: 0.5,
    learningRate: 0.1,
  };
  return sealReceipt(run, {
    fusedMultiplyAdd: true,
    data: { imageShape: madeUpShape, train: part("train"), test: part("test") },
    history: [{ epoch: 1, ...figures, weightsDigest: digest("last") }],
    weights: { best: { epoch: 1, file: digest("best") }, last: { epoch: 1, file: digest("last") } },
    predictions: {
      count: images,
      classes: madeUpClasses.length,
      probabilities: digest("probabilities"),
      accuracy: 0.5,
      loss: 1,
    },
    environment: { heddle: "1.2.3", threads: 2 },
  });
}

/** A run that never was: curves and predictions from a generator, but of the right kind and sizes. */
export function madeUpRun(name: string, seed = 1, images = 400): Required<Omit<RunRecord, "unjudged">> {
  const random = createRandom(seed);
  const classes = madeUpClasses.length;
  const labels = Uint8Array.from({ length: images }, (_, image) => image % classes);
  const probabilities = new Float32Array(images * classes);
  for (let image = 0; image < images; image++) {
    const scores = madeUpClasses.map(
      (_, each) => random.below(1000) / 250 + (each === labels[image] ? 2 : 0),
    );
    const exponentials = scores.map(Math.exp);
    const sum = exponentials.reduce((total, value) => total + value, 0);
    probabilities.set(
      exponentials.map((value) => value / sum),
      image * classes,
    );
  }
  return {
    name,
    receipt: madeUpReceipt({ ...config, seed }, images),
    note: `the ${name} <one>`,
    config: { ...config, seed },
    environment: {
      startedAt: "2026-01-02T03:04:05.678Z",
      threads: 2,
      node: "20.1.0",
      processor: "Some Processor",
    },
    history: Array.from({ length: config.epochs }, (_, index) => ({
      epoch: index + 1,
      trainLoss: 2 / (index + 1),
      trainAccuracy: 1 - 1 / (index + 2),
      validationLoss: 2 / (index + 1) + 0.1 * seed,
      validationAccuracy: 0.9 - 1 / (index + 3),
      learningRate: 0.1,
      seconds: 1.5,
    })),
    evaluation: evaluate(probabilities, labels, madeUpClasses),
    predictions: { probabilities, labels },
  };
}

/** Test images of made-up runs, [N, H, W, C]. */
export function madeUpImages(count = 400): Uint8Array {
  const random = createRandom(7);
  const size = shapeSize(madeUpShape);
  return Uint8Array.from({ length: count * size }, () => random.below(256));
}
