import type { Labels } from "../data/dataset.js";
import { dealFolds } from "../data/folds.js";
import { pickImages } from "../data/pick-images.js";
import type { CreateNetwork } from "../engine/network.js";
import { dense } from "../layers/dense.js";
import { dropout } from "../layers/dropout.js";
import { flatten } from "../layers/flatten.js";
import { evaluate } from "../metrics/evaluation.js";
import type { NamedTensor } from "../named-tensor.js";
import { adamw } from "../optimizers/index.js";
import type { Platform } from "../platform.js";
import { cosineDecay } from "../schedules/index.js";
import type { ClassWeights } from "../training/image-weights.js";
import { sequential } from "../training/model.js";
import type { Features } from "./features.js";

/** What a head is trained on, and how. */
export interface HeadTraining {
  readonly features: Features;
  /** [N]. */
  readonly labels: Labels;
  readonly classes: number;
  /** [N]: images of one number are never parted. */
  readonly groups?: Uint32Array;
  readonly classWeights?: ClassWeights;
  readonly seed: number;
  readonly platform: Platform;
  readonly createNetwork?: CreateNetwork;
  readonly threads?: number;
  readonly portable?: boolean;
  /** What is cross-validated (default: weight decays of 0.3 to 10, each with and without dropout). */
  readonly choices?: readonly HeadSettings[];
  /** Told how many trainings of how many are done. */
  readonly onProgress?: (done: number, count: number) => void;
  readonly signal?: { readonly aborted: boolean; readonly reason?: unknown };
}

/** How strongly a head is held back from learning its images by heart. */
export interface HeadSettings {
  readonly weightDecay: number;
  readonly dropoutRate: number;
}

/** What one choice of settings came to on images that it was not trained on. */
export interface HeadTrial extends HeadSettings {
  readonly accuracy: number;
  readonly loss: number;
}

/** A dense layer over a body's features. */
export interface TrainedHead {
  /** [features, classes]. */
  readonly kernel: NamedTensor;
  /** [classes]. */
  readonly bias: NamedTensor;
  /** The settings that it was trained with: those of the least loss. */
  readonly settings: HeadSettings;
  /** Every choice, cross-validated; none where there are too few images for that. */
  readonly trials: readonly HeadTrial[];
}

const usualChoices: readonly HeadSettings[] = [0.3, 1, 3, 10].flatMap((weightDecay) =>
  [0, 0.5].map((dropoutRate) => ({ weightDecay, dropoutRate })),
);

/** Where nothing can be validated. */
const usual: HeadSettings = { weightDecay: 3, dropoutRate: 0.5 };

const folds = 4;
const batchSize = 128;
const learningRate = 3e-3;

/** Passes over the features: twenty, or more where that makes too few steps. */
const epochsFor = (images: number): number => Math.max(20, Math.ceil(250 / Math.ceil(images / batchSize)));

/**
 * Trains a dense layer on a body's features: each choice of weight decay and dropout is cross-validated over four parts,
 * and that of the least loss trains on all. Mirror images count as further images. Features enter as bytes, 256 steps
 * from nothing to the greatest of each, so that a head is trained by all that trains images.
 */
export async function trainHead(training: HeadTraining): Promise<TrainedHead> {
  const { labels, classes, seed, groups, choices = usualChoices, onProgress, signal } = training;
  const table = quantized(training.features);
  const parts = dealFolds(labels, classes, { count: folds, seed, groups });
  const everything = Uint32Array.from(labels.keys());
  const partsOf = Array.from({ length: folds }, (_, fold) => ({
    train: everything.filter((image) => parts[image] !== fold),
    held: everything.filter((image) => parts[image] === fold),
  })).filter(({ train, held }) => train.length > 0 && held.length > 0);
  const asked = partsOf.length === folds ? choices : [];
  const count = asked.length * folds + 1;
  let done = 0;
  const tick = (): void => {
    onProgress?.(++done, count);
    if (signal?.aborted) throw signal.reason;
  };
  const trials: HeadTrial[] = [];
  for (const settings of asked) {
    let [right, loss] = [0, 0];
    for (const { train, held } of partsOf) {
      const { accuracy, loss: mean } = await withHeadModel(
        training,
        table,
        settings,
        train,
        async (model) => {
          const images = pickImages(table.plain, table.size, held);
          return evaluate(await model.predict(images), pickLabels(labels, held), model.classNames);
        },
      );
      right += accuracy * held.length;
      loss += mean * held.length;
      tick();
    }
    trials.push({ ...settings, accuracy: right / labels.length, loss: loss / labels.length });
  }
  const best = trials.reduce<HeadTrial | undefined>(
    (best, trial) => (best && best.loss <= trial.loss ? best : trial),
    undefined,
  );
  const settings = best ? { weightDecay: best.weightDecay, dropoutRate: best.dropoutRate } : usual;
  const head = await withHeadModel(training, table, settings, everything, async (model) => ({
    weights: await model.getWeights(),
    normalization: model.normalization,
  }));
  tick();
  return { ...unquantized(head, table, classes), settings, trials };
}

/** Features as bytes: a byte q of feature c stands for q / 255 · scale[c]. */
interface FeatureTable {
  readonly size: number;
  readonly scale: Float64Array;
  readonly least: Float64Array;
  readonly plain: Uint8Array;
  readonly mirrored?: Uint8Array;
}

function quantized({ size, plain, mirrored }: Features): FeatureTable {
  const least = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  const greatest = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  for (const values of mirrored ? [plain, mirrored] : [plain])
    for (let at = 0; at < values.length; at++) {
      const feature = at % size;
      if (values[at] < least[feature]) least[feature] = values[at];
      if (values[at] > greatest[feature]) greatest[feature] = values[at];
    }
  const scale = greatest.map((most, feature) => most - least[feature] || 1);
  const bytes = (values: Float32Array): Uint8Array =>
    Uint8Array.from(values, (value, at) => {
      const feature = at % size;
      return Math.round(((value - least[feature]) / scale[feature]) * 255);
    });
  return { size, scale, least, plain: bytes(plain), ...(mirrored && { mirrored: bytes(mirrored) }) };
}

type HeadModel = ReturnType<typeof sequential>;

async function withHeadModel<Result>(
  { labels, classes, seed, classWeights, platform, createNetwork, threads, portable }: HeadTraining,
  table: FeatureTable,
  { weightDecay, dropoutRate }: HeadSettings,
  train: Uint32Array,
  work: (model: HeadModel) => Promise<Result>,
): Promise<Result> {
  const layers = [
    flatten(),
    ...(dropoutRate > 0 ? [dropout({ rate: dropoutRate })] : []),
    dense({ name: "head", units: classes }),
  ];
  const model = sequential(layers, { inputShape: [1, 1, table.size], seed, platform, createNetwork });
  model.compile({
    optimizer: adamw({ weightDecay }),
    schedule: cosineDecay({ learningRate }),
    threads,
    portable,
  });
  try {
    const views = table.mirrored ? [table.plain, table.mirrored] : [table.plain];
    const images = new Uint8Array(views.length * train.length * table.size);
    const own = pickLabels(labels, train);
    const repeated = new Uint32Array(views.length * own.length);
    for (const [index, view] of views.entries()) {
      const first = index * own.length;
      pickImages(view, table.size, train, images.subarray(first * table.size));
      repeated.set(own, first);
    }
    await model.fit(
      { train: { images, labels: repeated } },
      {
        epochs: epochsFor(repeated.length),
        batchSize: Math.min(batchSize, repeated.length),
        validationShare: 0,
        classWeights,
      },
    );
    return await work(model);
  } finally {
    await model.dispose();
  }
}

/** Over features in place of their bytes: W · ((f − least) / scale − mean) / deviation + b, multiplied out. */
function unquantized(
  {
    weights,
    normalization: { mean, deviation },
  }: { weights: readonly NamedTensor[]; normalization: HeadModel["normalization"] },
  { size, scale, least }: FeatureTable,
  classes: number,
): Pick<TrainedHead, "kernel" | "bias"> {
  const kernel = weights.find(({ name }) => name === "head.kernel")!.data;
  const bias = Float64Array.from(weights.find(({ name }) => name === "head.bias")!.data);
  const over = new Float32Array(kernel.length);
  for (let feature = 0; feature < size; feature++)
    for (let label = 0; label < classes; label++) {
      const at = feature * classes + label;
      const weight = kernel[at] / deviation[feature];
      over[at] = weight / scale[feature];
      bias[label] -= weight * (mean[feature] + least[feature] / scale[feature]);
    }
  return {
    kernel: { name: "kernel", shape: [size, classes], data: over },
    bias: { name: "bias", shape: [classes], data: Float32Array.from(bias) },
  };
}

const pickLabels = (labels: Labels, which: Uint32Array): Uint32Array =>
  Uint32Array.from(which, (image) => labels[image]);
