import type { Normalization } from "../data/dataset.js";
import type { PicturePreparation } from "../data/picture-preparation.js";
import type { CreateNetwork } from "../engine/network.js";
import type { Shape } from "../layers/layer.js";
import type { LossName } from "../loss.js";
import type { Calibration } from "../metrics/calibrate.js";
import type { NamedTensor } from "../named-tensor.js";
import {
  functionKind,
  kindOfValue,
  type OptionTable,
  type ResolvedOptions,
  resolveOptions,
  shape,
  text,
  wholeNumber,
} from "../options/index.js";
import type { Platform } from "../platform.js";

/** What a model knows beside its layers. */
export interface ModelState {
  /** As `getWeights` gives them, or without the normalization. */
  readonly weights: readonly NamedTensor[];
  /** Default: that of the weights, else p / 255 until the first `fit` measures it. */
  readonly normalization?: Normalization | undefined;
  /** Default: "0", "1", … */
  readonly classNames?: readonly string[] | undefined;
  /** How pictures become its images. */
  readonly preparation?: PicturePreparation | undefined;
  /** What makes its probabilities mean something: as `calibrate` found it for these weights. */
  readonly calibration?: Calibration | undefined;
  /** What it was trained for, which says what its outputs are (default "crossEntropy"). */
  readonly loss?: LossName | undefined;
}

/** What a model has beside its layers. */
export interface ModelOptions {
  /** For people (default "model"). */
  readonly name?: string | undefined;
  /** Decides first weights, order of images, dropout and augmentation: same seed, same bytes (default 1). */
  readonly seed?: number | undefined;
  /** Trained already: from a file, say. */
  readonly state?: ModelState | undefined;
  /** Where it runs: `nodePlatform`, or one of your own. */
  readonly platform: Platform;
  /** Makes the layers ready to run (default: on the engine's threads). */
  readonly createNetwork?: CreateNetwork | undefined;
}

/** Those of a model of layers that follow each other. */
export interface ChainOptions extends ModelOptions {
  /** [H, W, C] of the images. */
  readonly inputShape: Shape;
}

function isPlatform(value: unknown): boolean {
  const { startWorker, now, yield: rest, cores } = value as Platform;
  const { availableMemory = now, tiling = now, vectorWidth = now, widenVectors = now } = value as Platform;
  const methods = [startWorker, now, rest, availableMemory, tiling, vectorWidth, widenVectors];
  return methods.every((method) => typeof method === "function") && Number.isInteger(cores) && cores > 0;
}

export const modelOptions = {
  name: { meaning: "for people", kind: text(), default: "model" },
  seed: {
    meaning: "decides first weights, order of images, dropout and augmentation",
    kind: wholeNumber(),
    default: 1,
  },
  state: {
    meaning: "weights of a model that was trained already",
    kind: kindOfValue<ModelState>(
      "what a model has learned, such as { weights: await other.getWeights() }",
      (value) => typeof value === "object" && value !== null && "weights" in value,
    ),
    otherwise: "first weights of the seed",
  },
  platform: {
    meaning: "where it runs",
    kind: kindOfValue<Platform>("a platform such as nodePlatform", isPlatform),
  },
  createNetwork: {
    meaning: "makes the layers ready to run",
    kind: functionKind<CreateNetwork>(),
    otherwise: "on the engine's threads",
  },
} satisfies OptionTable<ModelOptions>;

const chainOptions = {
  inputShape: {
    meaning: "[height, width, channels] of the images",
    kind: shape(["height", "width", "channels"]),
  },
  ...modelOptions,
} satisfies OptionTable<ChainOptions>;

/** Options that belong to compile or fit, and what other libraries tell a model. */
export const elsewhereOfModels = {
  optimizer: "Give it to compile.",
  learningRate: "Give it to compile.",
  threads: "Give it to compile.",
  epochs: "Give it to fit.",
  batchSize: "Give it to fit.",
  layers: "They come first: sequential([…], { inputShape: [28, 28, 1] }).",
  classNames: "They come with the data that fit is given.",
};

/** Fills in defaults. @throws UsageError on an unknown option, or a value that is not allowed */
export function resolveModelOptions(given: ModelOptions): ResolvedOptions<typeof modelOptions> {
  const inputShape = "It is what input(…) was given.";
  return resolveOptions("model", given, modelOptions, { elsewhere: { ...elsewhereOfModels, inputShape } });
}

/** The same of a model of layers that follow each other. */
export function resolveChainOptions(given: ChainOptions): ResolvedOptions<typeof chainOptions> {
  return resolveOptions("sequential", given, chainOptions, { elsewhere: elsewhereOfModels });
}
