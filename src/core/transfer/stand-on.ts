import type { Dataset, Split } from "../data/dataset.js";
import { HeddleError, UsageError } from "../errors.js";
import { ownMembers } from "../formats/arguments.js";
import { type ModelContents, modelMetadata } from "../formats/model-file.js";
import { checkGraph, type Graph, graphFromConfig, tensorsOf } from "../graph/index.js";
import type { NamedTensor } from "../named-tensor.js";
import type { ParameterGroup } from "../optimizers/index.js";
import { groupsWithTensors } from "../optimizers/parameter-groups.js";
import {
  checkValue,
  choice,
  either,
  kindOfValue,
  number,
  type OptionTable,
  resolveOptions,
  share,
  typedArray,
  wholeNumber,
} from "../options/index.js";
import { checkImages } from "../training/check-data.js";
import { type ClassWeights, classWeightsKind } from "../training/image-weights.js";
import type { ModelState } from "../training/model-options.js";
import { readParts } from "../training/read-parts.js";
import { readWeights } from "../training/weights.js";
import { bodyOf, withHead } from "./body.js";
import { featureRows } from "./feature-rows.js";
import { extractFeatures, type FeatureOptions } from "./features.js";
import { type HeadSettings, headSettingsKind, type TrainedHead, trainHead } from "./head.js";
import { type FeatureCache, knownFeatures } from "./known-features.js";
import { imageShapeKind, listenerOption, namesKind, placeOptions } from "./options.js";

/** How a classifier is put on a body. */
export interface StandOnOptions extends Omit<FeatureOptions, "onProgress" | "mirrored"> {
  /** Share of the features that is dropped while the whole trains (default 0.2). */
  readonly dropoutRate?: number | undefined;
  /** Decides folds, first weights, order and dropout of the head's training. */
  readonly seed: number;
  /** What the loss of each class's images is multiplied by (default: nothing). */
  readonly classWeights?: ClassWeights | undefined;
  /** As `trainHead` has them. */
  readonly choices?: readonly HeadSettings[] | undefined;
  /** Told what is done: images whose features are known, then trainings of the head. */
  readonly onProgress?: ((progress: StandOnProgress) => void) | undefined;
  /** Features that are known already, and what keeps new ones. */
  readonly cache?: FeatureCache | undefined;
}

/** How far a beginning is. */
export interface StandOnProgress {
  readonly doing: "features" | "head";
  readonly done: number;
  readonly count: number;
}

const standOnOptions = {
  ...placeOptions,
  dropoutRate: { meaning: "share of the features that is dropped in training", kind: share(), default: 0.2 },
  seed: { meaning: "decides all that is drawn at random", kind: wholeNumber() },
  classWeights: {
    meaning: "what the loss of each image is multiplied by, by its class",
    kind: classWeightsKind,
    otherwise: "nothing",
  },
  choices: {
    meaning: "what is tried for the head",
    kind: headSettingsKind,
    otherwise: "as trainHead has it",
  },
  onProgress: listenerOption<NonNullable<StandOnOptions["onProgress"]>>(),
  cache: {
    meaning: "knows features, and keeps new ones",
    kind: kindOfValue<FeatureCache>("an object with read and write", (value) => {
      const { read, write } = Object(value) as Partial<FeatureCache>;
      return typeof read === "function" && typeof write === "function";
    }),
    otherwise: "nothing does",
  },
} satisfies OptionTable<StandOnOptions>;

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
 * @param split which of the training images the head learns from. The features of the others are worked out with theirs,
 * so that a cache serves any split, and go into nothing.
 * @throws UsageError on an option that is not allowed
 * @throws HeddleError where the body can't take the images
 */
export async function standOn(
  contents: ModelContents,
  dataset: Dataset,
  split: Pick<Split, "train">,
  options: StandOnOptions,
): Promise<Standing> {
  const { layers, inputShape, normalization, ...given } = ownMembers("standOn", "contents", contents);
  modelMetadata({ layers, inputShape, normalization, classNames: given.classNames });
  const { dropoutRate, cache, onProgress, seed, classWeights, choices, ...others } = resolveOptions(
    "standOn",
    options,
    standOnOptions,
  );
  const whole = graphFromConfig(layers, inputShape);
  const known = { tensors: tensorsOf(whole), channels: inputShape[2] };
  const { weights: all } = readWeights(given.tensors, known, "standOn: the body's tensors");
  const { imageShape, classNames, train } = checkedImages(dataset);
  const chosen = checkedChoice(split, train.count);
  const body = bodyOf(whole, imageShape);
  const own = new Set(tensorsOf(body.graph).map(({ name }) => name));
  const tensors = all.filter(({ name }) => own.has(name));
  const { count } = train;
  const features = await knownFeatures(cache, { size: body.features, count, mirrored: true }, () =>
    extractFeatures({ graph: body.graph, tensors, normalization }, train.images, count, {
      ...others,
      mirrored: true,
      onProgress: (done) => onProgress?.({ doing: "features", done, count }),
    }),
  );
  const classes = classNames.length;
  const { platform, createNetwork, threads, portable, signal } = others;
  const trained = await trainHead({
    features: featureRows(features, chosen),
    labels: Uint32Array.from(chosen, (image) => train.labels[image]),
    ...(train.groups && { groups: Uint32Array.from(chosen, (image) => train.groups![image]) }),
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

function checkedImages(dataset: Dataset) {
  const own = readParts<Dataset>("standOn: dataset", dataset, "imageShape", "classNames", "train");
  const imageShape = checkValue("standOn", "dataset.imageShape", own.imageShape, imageShapeKind);
  const classNames = checkValue("standOn", "dataset.classNames", own.classNames, namesKind);
  const of = { inputShape: imageShape, classes: classNames.length };
  return { imageShape, classNames, train: checkImages("standOn: dataset.train", own.train, of) };
}

function checkedChoice(split: Pick<Split, "train">, count: number): Uint32Array {
  const chosen = checkValue("standOn", "split.train", split?.train, typedArray("Uint32Array"));
  const beyond = chosen.find((image) => image >= count);
  if (beyond === undefined) return chosen;
  throw new UsageError(
    `standOn: split.train names image ${beyond}, but there are ${count}. Count them from 0.`,
  );
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

export const unfreezeKind = either(choice(["none", "all"]), wholeNumber({ from: 1 }));

export const unfreezeOptions = {
  learningRateFactor: {
    meaning: "what the learning rate is multiplied by for the body",
    kind: number({ above: 0 }),
  },
  batchNorm: {
    meaning: "whether the body's batch normalizations stay or train",
    kind: choice(["keep", "move"]),
  },
} satisfies OptionTable<UnfreezeOptions>;

/**
 * The parameter groups of a classifier on a body: the head moves at the full rate, what is unfrozen of the body at a
 * share of it, the rest not at all.
 *
 * @param standing its head is what `Standing` or `withHead` calls it
 * @throws UsageError on an argument that is not allowed
 * @throws HeddleError where a body has fewer layers with kernels
 */
export function unfreezeGroups(
  standing: Pick<Standing, "graph" | "head">,
  unfreeze: Unfreeze,
  options: UnfreezeOptions,
): readonly ParameterGroup[] {
  const place = "unfreezeGroups";
  const graph = checkGraph(place, standing?.graph);
  const names = graph.nodes.map(({ layer }) => layer.name);
  const head = checkValue(place, "head", standing.head, choice(names));
  checkValue(place, "unfreeze", unfreeze, unfreezeKind);
  return groupsWithTensors(
    groupsOf(graph, head, unfreeze, resolveOptions(place, options, unfreezeOptions)),
    graph,
  );
}

/** The first that matches a tensor is its own: later ones may be left without any. */
function groupsOf(
  graph: Graph,
  head: string,
  unfreeze: Unfreeze,
  { learningRateFactor, batchNorm }: UnfreezeOptions,
): readonly ParameterGroup[] {
  const own: ParameterGroup = { match: `${head}.*` };
  const frozen = (match: string): ParameterGroup => ({ match, frozen: true });
  const moved = (match: string): ParameterGroup => ({ match, learningRateFactor });
  if (unfreeze === "none") return [own, frozen("*")];
  const body = graph.nodes.filter(({ layer, tensors }) => tensors.length > 0 && layer.name !== head);
  const norms = body.filter(({ layer }) => layer.type === "batchNorm");
  const kept = batchNorm === "keep" ? norms.map(({ layer }) => frozen(`${layer.name}.*`)) : [];
  if (unfreeze === "all") return [own, ...kept, moved("*")];
  const kernels = body.filter(({ tensors }) => tensors.some(({ shape }) => shape.length > 1));
  if (unfreeze > kernels.length)
    throw new HeddleError(
      `The body has ${kernels.length} layers with kernels, and the last ${unfreeze} of them were to be unfrozen. Give at most ${kernels.length}, or all.`,
    );
  const first = kernels[kernels.length - unfreeze].index;
  const moving = body.filter(({ index }) => index >= first);
  return [own, ...kept, ...moving.map(({ layer }) => moved(`${layer.name}.*`)), frozen("*")];
}
