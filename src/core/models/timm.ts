import type { Normalization } from "../data/dataset.js";
import { HeddleError, UsageError } from "../errors.js";
import { foreignTensors } from "../formats/foreign-tensors.js";
import { type Graph, type GraphNode, graphConfig, graphFromConfig } from "../graph/index.js";
import { shapeSize, shapeText } from "../layers/shape.js";
import type { NamedTensor } from "../named-tensor.js";
import { checkValue, choice, quoted, sizePair, text, typedArray } from "../options/index.js";
import type { ModelDefinition } from "./definition.js";
import { efficientNetLite0 } from "./efficient-net-lite0.js";
import { mobileNetV2 } from "./mobile-net-v2.js";
import { resNet18 } from "./res-net-18.js";

/** A network of timm's that is one of heddle's by name. */
interface Counterpart {
  readonly definition: ModelDefinition;
  /** What timm calls a layer with tensors. */
  readonly nameOf: (node: GraphNode) => string;
  /** Where timm's differs from ours in more than names. */
  readonly adapt?: (graph: Graph) => Graph;
  /** How pixels entered the weights that timm offers. */
  readonly normalization: Normalization;
  readonly classifier: string;
}

const imagenet = { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] };
const half = { mean: [0.5, 0.5, 0.5], deviation: [0.5, 0.5, 0.5] };

const inverted = (stages: readonly number[]) => {
  const blocks = stages.flatMap((repeats, stage) =>
    Array.from({ length: repeats }, (_, index) => `blocks.${stage}.${index}`),
  );
  const others: Readonly<Record<string, string>> = {
    stem: "conv_stem",
    stem_norm: "bn1",
    head: "conv_head",
    head_norm: "bn2",
    output: "classifier",
  };
  return ({ layer: { name } }: GraphNode): string => {
    const part = /^block(\d+)_(expand|depthwise|project)(_norm)?$/.exec(name);
    if (!part) return others[name];
    const index = Number(part[1]) - 1;
    // A block that widens nothing begins with its second part.
    const parts = index === 0 ? ["depthwise", "project"] : ["expand", "depthwise", "project"];
    const place = parts.indexOf(part[2]);
    const convolutions = index === 0 ? ["conv_dw", "conv_pw"] : ["conv_pw", "conv_dw", "conv_pwl"];
    return `${blocks[index]}.${part[3] ? `bn${place + 1}` : convolutions[place]}`;
  };
};

const ofResNet = ({ layer: { name } }: GraphNode): string => {
  const others: Readonly<Record<string, string>> = { stem_conv: "conv1", stem_norm: "bn1", output: "fc" };
  const part = /^stage(\d)_block(\d)_(.*)$/.exec(name);
  if (!part) return others[name];
  const inner = part[3]
    .replace("shortcutNorm", "downsample.1")
    .replace("shortcut", "downsample.0")
    .replace("norm", "bn");
  return `layer${part[1]}.${Number(part[2]) - 1}.${inner}`;
};

/** Zeros on every side of a window at any stride, and ε of 10⁻⁵, as PyTorch has both. */
function asInTorch(graph: Graph): Graph {
  const configs = graphConfig(graph).map((config) => {
    if (config.type === "batchNorm") return { ...config, epsilon: 1e-5, momentum: 0.9 };
    const { kernelSize, padding } = config as {
      readonly kernelSize?: readonly number[];
      readonly padding?: unknown;
    };
    return kernelSize && padding === "same"
      ? { ...config, padding: kernelSize.map((size) => (size - 1) / 2) }
      : config;
  });
  return graphFromConfig(configs, graph.inputShape);
}

const lite = {
  definition: efficientNetLite0,
  nameOf: inverted([1, 2, 2, 3, 3, 4, 1]),
  classifier: "classifier",
};

const counterparts = {
  resnet18: { definition: resNet18, nameOf: ofResNet, normalization: imagenet, classifier: "fc" },
  mobilenetv2_100: {
    definition: mobileNetV2,
    nameOf: inverted([1, 2, 3, 4, 3, 3, 1]),
    normalization: imagenet,
    classifier: "classifier",
  },
  tf_efficientnet_lite0: { ...lite, normalization: half },
  efficientnet_lite0: { ...lite, normalization: imagenet, adapt: asInTorch },
} as const satisfies Readonly<Record<TimmName, Counterpart>>;

/** A network of timm's that is read. */
export type TimmName = "resnet18" | "mobilenetv2_100" | "tf_efficientnet_lite0" | "efficientnet_lite0";

/** Every such name. */
export const timmNames = Object.keys(counterparts) as readonly TimmName[];

const ours = {
  resNet18: "resnet18",
  mobileNetV2: "mobilenetv2_100",
  efficientNetLite0: "tf_efficientnet_lite0",
} as const satisfies Readonly<Record<string, TimmName>>;

/** Names under which weights of timm's are asked for: timm's own, and heddle's for the same networks. */
export const timmArchitectures = [...(Object.keys(ours) as (keyof typeof ours)[]), ...timmNames] as const;

/** What `importTimm` takes beside the bytes. */
export interface TimmOptions {
  /** Whose weights they are, by heddle's name or timm's. */
  readonly architecture: (typeof timmArchitectures)[number];
  /** Height and width of the images (default 224). */
  readonly imageSize?: number | readonly [height: number, width: number] | undefined;
  /** The file, for errors (default "The file"). */
  readonly source?: string | undefined;
}

/** A network with the weights that timm has for it. */
export interface TimmModel {
  readonly graph: Graph;
  readonly weights: readonly NamedTensor[];
  /** That of the weights that timm offers for this network: of others it must be known. */
  readonly normalization: Normalization;
}

/**
 * One of heddle's networks with weights of timm's (PyTorch Image Models), a safetensors file of its names: `resnet18`,
 * `mobilenetv2_100`, `tf_efficientnet_lite0`, and `efficientnet_lite0`, which pads windows on every side.
 *
 * @param bytes of the safetensors file
 * @throws UsageError on options that make no sense. @throws HeddleError on a file that is damaged, or holds weights of
 * another network, naming the first that differs.
 */
export function importTimm(bytes: Uint8Array, options: TimmOptions): TimmModel {
  const owner = "importTimm";
  checkValue(owner, "bytes", bytes, typedArray("Uint8Array"));
  const architecture = checkValue(owner, "architecture", options?.architecture, choice(timmArchitectures));
  const size = checkValue(owner, "imageSize", options.imageSize ?? 224, sizePair());
  const source = checkValue(owner, "source", options.source ?? "The file", text());
  const name: TimmName =
    architecture in ours ? ours[architecture as keyof typeof ours] : (architecture as TimmName);
  const counterpart: Counterpart = counterparts[name];
  const { definition, nameOf, adapt, normalization, classifier } = counterpart;
  const given = new Map(foreignTensors(bytes, source).map((tensor) => [tensor.name, tensor]));
  const mismatch = (what: string): never => {
    throw new HeddleError(
      `${source} holds no weights of timm's ${name}: ${what}. Name the architecture that they are of.`,
    );
  };
  const last = given.get(`${classifier}.weight`) ?? mismatch(`${quoted(`${classifier}.weight`)} is missing`);
  const [classes] = last.shape;
  if (!(classes >= 2)) mismatch(`it tells ${classes} classes apart`);
  if (classes > 65_536)
    throw new UsageError(`${owner}: ${source} has ${classes} classes, more than a model may have.`);
  const plain = definition.graph([...size, 3], classes);
  const graph = adapt ? adapt(plain) : plain;
  const weights = graph.nodes.flatMap((node) =>
    node.tensors.map((spec) => {
      const part = spec.name.slice(node.layer.name.length + 1);
      const full = `${nameOf(node)}.${torchNames[part]}`;
      const tensor = given.get(full) ?? mismatch(`${quoted(full)} is missing`);
      given.delete(full);
      const order = ordersOf(node.layer.type, part);
      const wanted = order ? order.map((axis) => spec.shape[axis]) : spec.shape;
      if (shapeText(tensor.shape) !== shapeText(wanted))
        return mismatch(`${quoted(full)} is ${shapeText(tensor.shape)}, not ${shapeText(wanted)}`);
      return { name: spec.name, shape: spec.shape, data: order ? turned(tensor, order) : tensor.data };
    }),
  );
  const [unknown] = given.keys();
  if (unknown !== undefined) mismatch(`${quoted(unknown)} is none of its tensors`);
  return { graph, weights, normalization };
}

/** What PyTorch calls a layer's tensors. */
const torchNames: Readonly<Record<string, string>> = {
  kernel: "weight",
  bias: "bias",
  gamma: "weight",
  beta: "bias",
  runningMean: "running_mean",
  runningVariance: "running_var",
};

/** For each axis of PyTorch's kernel which of ours it is; undefined where both are alike. */
function ordersOf(type: string, part: string): readonly number[] | undefined {
  if (part !== "kernel") return undefined;
  if (type === "dense") return [1, 0];
  return type === "depthwiseConv2d" ? [2, 3, 0, 1] : [3, 2, 0, 1];
}

/** PyTorch's kernel with its axes in our order. */
function turned({ shape, data }: NamedTensor, order: readonly number[]): Float32Array {
  // Where each of their axes steps to in ours.
  const ours = order.map((_, axis) => shape[order.indexOf(axis)]);
  const strides = order.map((axis) => shapeSize(ours.slice(axis + 1)));
  const result = new Float32Array(data.length);
  const place = shape.map(() => 0);
  let to = 0;
  for (const value of data) {
    result[to] = value;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      to += strides[axis];
      if (++place[axis] < shape[axis]) break;
      to -= strides[axis] * shape[axis];
      place[axis] = 0;
    }
  }
  return result;
}
