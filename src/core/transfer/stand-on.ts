import type { Dataset, Split } from "../data/dataset.js";
import { HeddleError } from "../errors.js";
import type { ModelContents } from "../formats/model-file.js";
import { type Graph, graphFromConfig, tensorsOf } from "../graph/index.js";
import { shapeText } from "../layers/shape.js";
import type { NamedTensor } from "../named-tensor.js";
import type { ParameterGroup } from "../optimizers/index.js";
import type { ClassWeights } from "../training/image-weights.js";
import type { ModelState } from "../training/model-options.js";
import { checkTensors } from "../training/weights.js";
import { type Body, bodyOf, withHead } from "./body.js";
import { extractFeatures, type FeatureOptions, type Features } from "./features.js";
import { type HeadSettings, type TrainedHead, trainHead } from "./head.js";

/** How a classifier is put on a body. */
export interface StandOnOptions extends Omit<FeatureOptions, "onProgress" | "mirrored"> {
  /** Share of the features that is dropped while the whole trains (default 0.2). */
  readonly dropoutRate?: number;
  readonly seed: number;
  readonly classWeights?: ClassWeights;
  /** As `trainHead` has them. */
  readonly choices?: readonly HeadSettings[];
  /** Told what is done: images whose features are known, then trainings of the head. */
  readonly onProgress?: (progress: StandOnProgress) => void;
  /** Features that are known already, and what keeps new ones. */
  readonly cache?: FeatureCache;
}

export interface StandOnProgress {
  readonly doing: "features" | "head";
  readonly done: number;
  readonly count: number;
}

/** Keeps features of a data set's training images. */
export interface FeatureCache {
  read(): Promise<Features | undefined>;
  write(features: Features): Promise<void>;
}

/** A classifier of a data set's classes whose body knows its trade already. */
export interface Standing {
  readonly graph: Graph;
  /** What it begins to train with: the body's weights, and a head that was trained on its features. */
  readonly state: ModelState;
  /** Of the layer that tells classes apart. */
  readonly head: string;
  readonly headTraining: Pick<TrainedHead, "settings" | "trials">;
}

/**
 * Puts a new head on a body, trained on the features of the images that train.
 *
 * @param split which of the training images train; the others are not looked at
 * @throws HeddleError where the body can't take the images
 */
export async function standOn(
  contents: ModelContents,
  { imageShape, classNames, train }: Dataset,
  split: Pick<Split, "train">,
  options: StandOnOptions,
): Promise<Standing> {
  const { dropoutRate = 0.2, cache, onProgress, seed, classWeights, choices, ...others } = options;
  const whole = graphFromConfig(contents.layers, contents.inputShape);
  checkTensors(contents.tensors, tensorsOf(whole), "The body");
  const body = bodyOf(whole, imageShape);
  const tensors = tensorsOfBody(body, contents.tensors);
  const { normalization } = contents;
  const known = await cache?.read();
  const count = train.labels.length;
  const fits = known?.size === body.features && known.plain.length === count * body.features;
  const features = fits
    ? known
    : await extractFeatures({ graph: body.graph, tensors, normalization }, train.images, count, {
        ...others,
        mirrored: true,
        onProgress: (done) => onProgress?.({ doing: "features", done, count }),
      });
  if (!fits) await cache?.write(features);
  const classes = classNames.length;
  const { platform, createNetwork, threads, portable, signal } = others;
  const trained = await trainHead({
    features: rowsOf(features, split.train),
    labels: Uint32Array.from(split.train, (image) => train.labels[image]),
    ...(train.groups && { groups: Uint32Array.from(split.train, (image) => train.groups![image]) }),
    classes,
    classWeights,
    choices,
    seed,
    platform,
    createNetwork,
    threads,
    portable,
    signal,
    onProgress: (done, trainings) => onProgress?.({ doing: "head", done, count: trainings }),
  });
  const { graph, head } = withHead(body, { classes, dropoutRate });
  const named = (tensor: NamedTensor): NamedTensor => ({ ...tensor, name: `${head}.${tensor.name}` });
  const weights = [...tensors, named(trained.kernel), named(trained.bias)];
  const { settings, trials } = trained;
  return { graph, state: { weights, normalization, classNames }, head, headTraining: { settings, trials } };
}

function tensorsOfBody({ graph }: Body, given: readonly NamedTensor[]): readonly NamedTensor[] {
  const byName = new Map(given.map((tensor) => [tensor.name, tensor]));
  return tensorsOf(graph).map(({ name, shape }) => {
    const tensor = byName.get(name);
    if (tensor && shapeText(tensor.shape) === shapeText(shape)) return tensor;
    throw new HeddleError(`The body has no tensor ${name} of ${shapeText(shape)}. Use another copy of it.`);
  });
}

function rowsOf({ size, plain, mirrored }: Features, rows: Uint32Array): Features {
  const some = (values: Float32Array): Float32Array => {
    const picked = new Float32Array(rows.length * size);
    rows.forEach((row, at) => {
      picked.set(values.subarray(row * size, (row + 1) * size), at * size);
    });
    return picked;
  };
  return { size, plain: some(plain), ...(mirrored && { mirrored: some(mirrored) }) };
}

/** How much of a classifier is trained: its head alone, its last so many convolutions too, or all of it. */
export type Unfreeze = "none" | "all" | number;

/** How the unfrozen part of a body is trained. */
export interface UnfreezeOptions {
  /** What the learning rate is multiplied by for the body. */
  readonly learningRateFactor: number;
  /**
   * "keep": batch normalizations stay as they are, scale, shift and statistics, which few images can't better. "move":
   * they train like all else.
   */
  readonly batchNorm: "keep" | "move";
}

/**
 * The parameter groups of a classifier on a body: the head moves at the full rate, what is unfrozen of the body at a
 * share of it, the rest not at all.
 *
 * @param head of `Standing`
 * @throws HeddleError where a body has fewer layers with kernels
 */
export function unfreezeGroups(
  { graph, head }: Pick<Standing, "graph" | "head">,
  unfreeze: Unfreeze,
  { learningRateFactor, batchNorm }: UnfreezeOptions,
): readonly ParameterGroup[] {
  const own: ParameterGroup = { match: `${head}.*` };
  const frozen = (match: string): ParameterGroup => ({ match, frozen: true });
  const moved = (match: string): ParameterGroup => ({ match, learningRateFactor });
  if (unfreeze === "none") return [own, frozen("*")];
  const body = graph.nodes.filter(({ layer, tensors }) => tensors.length > 0 && layer.name !== head);
  const stays = ({ layer }: (typeof body)[number]): boolean =>
    batchNorm === "keep" && layer.type === "batchNorm";
  const kept = body.filter(stays).map(({ layer }) => frozen(`${layer.name}.*`));
  if (unfreeze === "all") return [own, ...kept, moved("*")];
  const kernels = body.filter(({ tensors }) => tensors.some(({ shape }) => shape.length > 1));
  if (unfreeze > kernels.length)
    throw new HeddleError(
      `The body has ${kernels.length} layers with kernels, and the last ${unfreeze} of them were to be unfrozen. Give at most ${kernels.length}, or all.`,
    );
  const first = kernels[kernels.length - unfreeze].index;
  const others = body.filter((node) => !stays(node));
  const moving = others.filter(({ index }) => index >= first);
  // A group without a tensor of its own is refused.
  const rest = moving.length < others.length ? [frozen("*")] : [];
  return [own, ...kept, ...moving.map(({ layer }) => moved(`${layer.name}.*`)), ...rest];
}
