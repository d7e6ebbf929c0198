import type { Labels } from "../../data/dataset.js";
import { type BatchAnswers, type BatchMixing, mixAnswers } from "../../data/mix-batch.js";
import { pickImages } from "../../data/pick-images.js";
import { pickRows } from "../../data/targets.js";
import { chainOf, freeze, type Graph } from "../../graph/index.js";
import { mixImages } from "../../kernels/reference/mix.js";
import { type ReferenceNetwork, referenceNetwork } from "../../kernels/reference/network.js";
import { oneHot, softmaxCrossEntropy } from "../../kernels/reference/softmax-cross-entropy.js";
import {
  deterministicImages,
  deterministicNormalization,
  deterministicParameters,
} from "../../kernels/reference/testing/deterministic.js";
import type { Tiling } from "../../kernels/tiling.js";
import { type Layer, type Shape, shapeSize } from "../../layers/index.js";
import { type LossName, usualLoss } from "../../loss.js";
import type { NamedTensor } from "../../named-tensor.js";
import { adam } from "../../optimizers/index.js";
import { groupOf } from "../../optimizers/parameter-groups.js";
import { createNetwork } from "../create.js";
import type { Network, NetworkOptions, Prediction, StepResult, TrainStep, WeightsKind } from "../network.js";

/** A step on images at hand. */
export interface TrialStep extends Omit<TrainStep, "images" | "labels"> {
  readonly indices: Uint32Array;
}

/** The engine's network as tests see it. */
export interface TrialNetwork extends Omit<Network, "trainStep" | "predict"> {
  trainStep(step: TrialStep): Promise<StepResult>;
  /** Of images at hand. */
  predict(indices: Uint32Array, weights?: WeightsKind): Promise<Prediction>;
  /** Of any images. */
  predictImages(images: Uint8Array): Promise<Prediction>;
  /** The last training step's gradient of the mean loss. */
  readGradients(): NamedTensor[];
}

export interface TrialOptions
  extends Pick<NetworkOptions, "platform">,
    Partial<
      Pick<
        NetworkOptions,
        | "threads"
        | "clipNorm"
        | "averages"
        | "parameterGroups"
        | "portable"
        | "optimizer"
        | "labelSmoothing"
        | "loss"
        | "waitLimit"
        | "inferenceBatchSize"
      >
    > {
  /** A graph, or a chain of layers for images of `inputShape`. */
  readonly graph?: Graph;
  readonly layers?: readonly Layer[];
  readonly inputShape?: Shape;
  readonly batch: number;
  /** In place of the platform's own. */
  readonly tiling?: Tiling;
  /** Another way to make the network (default: `createNetwork`). */
  readonly create?: typeof createNetwork;
  /** One an image at hand (default: made up). */
  readonly labels?: Labels;
  /** In place of the labels: a row of each image at hand. */
  readonly targets?: Float32Array;
  /** Of each image at hand, where they are weighted. */
  readonly imageWeights?: Float32Array;
  /** How every step mixes its images. */
  readonly mixing?: BatchMixing;
  /** Images at hand (default: the batch and two more). */
  readonly images?: number;
}

/** One engine network and its twin, both with the same weights and images. */
export interface Trial {
  readonly network: TrialNetwork;
  readonly reference: ReferenceNetwork;
  readonly inputShape: Shape;
  /** What both begin with, by name. */
  readonly weights: ReadonlyMap<string, Float32Array>;
  /** [count, H, W, C], normalized: what the twin is given. */
  readonly input: Float64Array;
  readonly labels: Labels;
  readonly count: number;
  readonly labelSmoothing: number;
  readonly loss: LossName;
  /** What the images at hand should give. */
  readonly answersOf: (indices: Uint32Array) => BatchAnswers;
  readonly mixing?: BatchMixing;
}

export async function createTrial(options: TrialOptions): Promise<Trial> {
  const { batch, images: count = batch + 2, labelSmoothing = 0, loss = usualLoss, mixing } = options;
  const { platform, tiling } = options;
  const graph = options.graph ?? chainOf(options.layers!, options.inputShape!);
  const { inputShape } = graph;
  const made = (await (options.create ?? createNetwork)({
    graph,
    trainBatchSize: batch,
    inferenceBatchSize: options.inferenceBatchSize ?? 2,
    optimizer: options.optimizer ?? adam(),
    labelSmoothing,
    clipNorm: options.clipNorm,
    averages: options.averages,
    parameterGroups: options.parameterGroups,
    loss,
    weighted: options.imageWeights !== undefined,
    targets: options.targets !== undefined || mixing !== undefined,
    mixes: mixing !== undefined,
    threads: options.threads ?? 1,
    portable: options.portable,
    waitLimit: options.waitLimit ?? 20_000,
    platform: tiling ? { ...platform, tiling: () => tiling } : platform,
  })) as Network & Pick<TrialNetwork, "readGradients">;
  const { parameterGroups: groups = [] } = options;
  const reference = referenceNetwork(freeze(graph, (name) => groupOf(name, groups)?.frozen === true));
  const weights = deterministicParameters(reference.tensors);
  await made.writeParameters(tensorsOf(reference, weights));
  const images = deterministicImages(count, shapeSize(inputShape));
  const labels =
    options.labels ?? Uint8Array.from({ length: count }, (_, index) => (3 * index + 1) % made.classes);
  await made.setNormalization(deterministicNormalization(inputShape[inputShape.length - 1]));
  const { targets, imageWeights } = options;
  const answersOf = (indices: Uint32Array): BatchAnswers => {
    const answers = {
      labels: Uint32Array.from(indices, (index) => labels[index]),
      ...(targets && { targets: pickRows(targets, made.classes, indices) }),
      ...(imageWeights && { weights: Float32Array.from(indices, (index) => imageWeights[index]) }),
    };
    return mixing ? mixAnswers(answers, mixing, made.classes) : answers;
  };
  const network = onImages(made, images, shapeSize(inputShape), answersOf, mixing);
  const input = Float64Array.from(images, (byte) => (byte - 128) / 128);
  return {
    network,
    reference,
    inputShape,
    weights,
    input,
    labels,
    count,
    labelSmoothing,
    loss,
    answersOf,
    mixing,
  };
}

/** The network with images at hand, which steps and predictions name by their indices. */
function onImages(
  network: Network & Pick<TrialNetwork, "readGradients">,
  images: Uint8Array,
  size: number,
  answersOf: Trial["answersOf"],
  mixing?: BatchMixing,
): TrialNetwork {
  const byIndices: Pick<TrialNetwork, "trainStep" | "predict" | "predictImages"> = {
    trainStep: ({ indices, ...step }) =>
      network.trainStep({
        ...answersOf(indices),
        ...(mixing && { mixing }),
        ...step,
        images: pickImages(images, size, indices),
      }),
    predict: (indices, which) => network.predict(pickImages(images, size, indices), which),
    predictImages: (others) => network.predict(others),
  };
  return new Proxy(network, {
    get(target, name) {
      const value = Reflect.get(name in byIndices ? byIndices : target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  }) as unknown as TrialNetwork;
}

export function tensorsOf(
  reference: ReferenceNetwork,
  values: ReadonlyMap<string, ArrayLike<number>>,
): NamedTensor[] {
  return reference.tensors.map(({ name, shape }) => ({
    name,
    shape,
    data: Float32Array.from(values.get(name)!),
  }));
}

/** The same trial with the weights that the engine has by now. */
export async function learned(trial: Trial): Promise<Trial> {
  return {
    ...trial,
    weights: new Map((await trial.network.readParameters()).map(({ name, data }) => [name, data])),
  };
}

/** Whole numbers from 0 on, as indices. */
export const upTo = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, index) => index);

/** ‖actual − expected‖, and ‖expected‖. */
export function distance(
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
): { error: number; norm: number } {
  if (actual.length !== expected.length) return { error: Number.POSITIVE_INFINITY, norm: 0 };
  let error = 0;
  let norm = 0;
  for (let at = 0; at < expected.length; at++) {
    error += (actual[at] - expected[at]) ** 2;
    norm += expected[at] ** 2;
  }
  return { error: Math.sqrt(error), norm: Math.sqrt(norm) };
}

/**
 * What the engine's loss and gradients of one training step have that the twin's have not: nothing, one hopes.
 * A tensor agrees where its error is below `tolerance` of its norm, of a hundredth of the whole gradient's, or
 * of 0.03 (sums over samples may cancel); and as far as single precision knows the gradient of the logits,
 * p − target, which cancels where p is sure.
 * Leaves the weights as they are.
 */
export async function gradientFaults(
  trial: Trial,
  indices: Uint32Array,
  step: number,
  tolerance = 1e-5,
): Promise<string[]> {
  const { network, reference, weights, labelSmoothing, loss: lossName, answersOf, mixing } = trial;
  const seed = 5;
  const own = await network.trainStep({ indices, step, optimizerStep: step, seed, learningRate: 0 });
  const size = trial.input.length / trial.count;
  const entered = Float64Array.from(
    [...indices].flatMap((index) => [...trial.input.subarray(index * size, (index + 1) * size)]),
  );
  const input = mixing ? mixImages(entered, trial.inputShape, mixing) : entered;
  const { labels, targets, weights: ofImages } = answersOf(indices);
  const options = { training: true, seed, step, labelSmoothing, loss: lossName, targets, weights: ofImages };
  const twin = reference.gradient(weights, input, labels, indices.length, options);
  const faults: string[] = [];
  const loss = twin.losses.reduce((sum, value) => sum + value, 0);
  if (!(Math.abs(own.lossSum - loss) <= tolerance * Math.max(1, loss)))
    faults.push(`loss: ${own.lossSum}, not ${loss}`);
  const correct = correctOf(twin.logits, { labels, targets }, trial);
  if (Math.abs(own.correct - correct) > 1e-9) faults.push(`correct: ${own.correct}, not ${correct}`);
  const whole = Math.sqrt(
    [...twin.gradients.values()].reduce((sum, values) => sum + distance(values, values).norm ** 2, 0),
  );
  const ofLogits = softmaxCrossEntropy(
    twin.logits,
    targets ?? oneHot(labels, network.classes),
    network.classes,
    labelSmoothing,
  ).gradient;
  const unsure = 2e-7 / Math.sqrt(indices.length) / (distance(ofLogits, ofLogits).norm || 1);
  const gradients = network.readGradients();
  if (gradients.length !== twin.gradients.size)
    faults.push(`${gradients.length} tensors, not ${twin.gradients.size}`);
  for (const { name, data } of gradients) {
    const { error, norm } = distance(data, twin.gradients.get(name) ?? []);
    if (!(error <= tolerance * Math.max(norm, whole / 100, 0.03) + unsure * whole))
      faults.push(`${name}: off by ${error} of ${norm}`);
  }
  return [...faults, ...(await keptFaults(trial, twin.kept, tolerance))];
}

/** The same of the tensors that a training step leaves behind, and puts those back that were there before. */
async function keptFaults(
  { network, reference, weights }: Trial,
  expected: ReadonlyMap<string, Float64Array>,
  tolerance: number,
): Promise<string[]> {
  if (expected.size === 0) return [];
  const tensors = await network.readParameters();
  await network.writeParameters(tensorsOf(reference, weights));
  return tensors.flatMap(({ name, data }) => {
    const wanted = expected.get(name);
    if (!wanted) return [];
    const { error, norm } = distance(data, wanted);
    return error <= tolerance * Math.max(norm, 0.03) ? [] : [`${name}: off by ${error} of ${norm}`];
  });
}

/** The same of the probabilities in inference. */
export async function predictionFaults(
  trial: Trial,
  indices: Uint32Array,
  tolerance = 1e-5,
): Promise<string[]> {
  const { network, reference, weights, input, labels, count, loss } = trial;
  const { probabilities } = await network.predict(indices);
  const twin = reference.gradient(weights, input, labels, count, { loss }).probabilities;
  const { classes } = network;
  return [...indices].flatMap((index, sample) =>
    Array.from({ length: classes }, (_, label) => {
      const [actual, expected] = [probabilities[sample * classes + label], twin[index * classes + label]];
      return Math.abs(actual - expected) <= tolerance
        ? []
        : [`p[${sample}][${label}]: ${actual}, not ${expected}`];
    }).flat(),
  );
}

/** As `StepResult` has it. */
function correctOf(
  logits: Float64Array,
  { labels, targets }: BatchAnswers,
  { loss, network: { classes } }: Trial,
): number {
  if (loss === "crossEntropy")
    return Uint32Array.from(labels).filter((label, sample) => label === largest(logits, sample, classes))
      .length;
  return logits.filter((z, at) => z >= 0 === targets![at] >= 0.5).length / classes;
}

function largest(logits: Float64Array, sample: number, classes: number): number {
  const row = logits.subarray(sample * classes, (sample + 1) * classes);
  return row.indexOf(Math.max(...row));
}
