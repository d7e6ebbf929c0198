import type { Normalization } from "../data/dataset.js";
import type { NamedTensor, Network, NetworkOptions } from "../engine/network.js";
import type { Shape } from "../layers/layer.js";
import {
  kindOfValue,
  type OptionTable,
  type ResolvedOptions,
  resolveOptions,
  shape,
  text,
  wholeNumber,
  withMethods,
} from "../options/index.js";
import type { Platform } from "../platform.js";

/** What a model knows beside its layers. */
export interface ModelState {
  /** As `getWeights` gives them, or without the normalization. */
  readonly weights: readonly NamedTensor[];
  /** Default: that of the weights, else p / 255 until the first `fit` measures it. */
  readonly normalization?: Normalization;
  /** Default: "0", "1", … */
  readonly classNames?: readonly string[];
}

export interface ModelOptions {
  /** [H, W, C] of the images. */
  readonly inputShape: Shape;
  /** For people (default "model"). */
  readonly name?: string;
  /** Decides first weights, order of images, dropout and augmentation: same seed, same bytes (default 1). */
  readonly seed?: number;
  /** Trained already: from a file, say. */
  readonly state?: ModelState;
  readonly platform: Platform;
  /** Makes the layers ready to run (default: on the engine's threads). */
  readonly createNetwork?: (options: NetworkOptions) => Promise<Network>;
}

type CreateNetwork = NonNullable<ModelOptions["createNetwork"]>;

export const modelOptions = {
  inputShape: {
    meaning: "[height, width, channels] of the images",
    kind: shape(["height", "width", "channels"]),
  },
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
    kind: withMethods<Platform>("a platform such as nodePlatform", "startWorker", "now", "yield"),
  },
  createNetwork: {
    meaning: "makes the layers ready to run",
    kind: kindOfValue<CreateNetwork>("a function", (value) => typeof value === "function"),
    otherwise: "on the engine's threads",
  },
} satisfies OptionTable<ModelOptions>;

/** Options that belong to compile or fit, and what other libraries tell a model. */
const elsewhere = {
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
  return resolveOptions("model", given, modelOptions, { elsewhere });
}
