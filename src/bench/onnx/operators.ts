import { HeddleError } from "../../core/errors.js";
import { filtersFirst, gatesFirst, rowsByChannel } from "../../core/formats/weight-order.js";
import type { GraphNode } from "../../core/graph/index.js";
import type { Shape } from "../../core/layers/layer.js";
import type { NamedTensor } from "../../core/named-tensor.js";
import { windowZeros } from "../window-zeros.js";
import { float, int, ints, text } from "./messages.js";

/** What a node gives, and how it lies: images are [N, C, H, W]. */
export interface OnnxValue {
  readonly name: string;
  /** The image [H, W, C] whose numbers these are, channel by channel, after a flatten. */
  readonly flattened?: Shape;
}

/** Where operators put their nodes and weights. */
export interface OnnxWriter {
  /** A node of one output. @returns its name @param skipped outputs before it that nobody reads */
  add(
    operator: string,
    inputs: readonly string[],
    attributes?: readonly Uint8Array[],
    skipped?: number,
  ): string;
  /** A constant. @returns its name */
  constant(name: string, dimensions: Shape, data: Float32Array | BigInt64Array): string;
  /** @throws HeddleError where there is none of this name */
  parameter(name: string): NamedTensor;
}

type Operator = (writer: OnnxWriter, node: GraphNode, inputs: readonly OnnxValue[]) => OnnxValue;

export const cannotWrite = ({ layer }: GraphNode, why = ""): HeddleError =>
  new HeddleError(`The layer ${layer.name} (${layer.type}) can't be written as ONNX here${why}.`);

const activations: Readonly<Record<string, string>> = { relu: "Relu", tanh: "Tanh", sigmoid: "Sigmoid" };

function activated(writer: OnnxWriter, node: GraphNode, name: string, key = "activation"): OnnxValue {
  const activation = node.layer.config()[key] as string;
  if (activation === "linear") return { name };
  if (!Object.hasOwn(activations, activation)) throw cannotWrite(node, `: its function is ${activation}`);
  return { name: writer.add(activations[activation], [name]) };
}

const passed: Operator = (_writer, _node, [value]) => value;

/** A bias as a list to add to a node's inputs: empty where the layer has none. */
function biasOf(writer: OnnxWriter, { layer }: GraphNode): readonly string[] {
  if (layer.config().useBias === false) return [];
  const { shape, data } = writer.parameter(`${layer.name}.bias`);
  return [writer.constant(`${layer.name}.bias`, shape, data)];
}

/** @param groups of the channels; a filter reads the channels of its own group */
function convolution(writer: OnnxWriter, node: GraphNode, value: OnnxValue, groups: number): OnnxValue {
  const { layer, inputShapes, shape } = node;
  const config = layer.config();
  if (config.dilation !== undefined) throw cannotWrite(node, ": it is dilated");
  const kernelSize = config.kernelSize as Shape;
  const { top, bottom, left, right } = windowZeros(node);
  const pads = [top, left, bottom, right];
  const filters = shape[2];
  const dimensions = [...kernelSize, inputShapes[0][2] / groups, filters];
  const name = `${layer.name}.kernel`;
  const kernel = filtersFirst(dimensions, writer.parameter(name).data);
  const weights = writer.constant(name, [filters, dimensions[2], ...kernelSize], kernel);
  const output = writer.add(
    "Conv",
    [value.name, weights, ...biasOf(writer, node)],
    [
      ints("strides", config.strides as Shape),
      ...(pads.some((zeros) => zeros > 0) ? [ints("pads", pads)] : []),
      ...(groups > 1 ? [int("group", groups)] : []),
    ],
  );
  return activated(writer, node, output);
}

const maxPool: Operator = (writer, { layer }, [value]) => {
  const { poolSize, strides } = layer.config();
  const sizes = [ints("kernel_shape", poolSize as Shape), ints("strides", strides as Shape)];
  return { name: writer.add("MaxPool", [value.name], sizes) };
};

const batchNorm: Operator = (writer, node, [value]) => {
  if (value.flattened) throw cannotWrite(node, ": it follows a flatten");
  const { layer } = node;
  const own = ["gamma", "beta", "runningMean", "runningVariance"].map((part) => {
    const { name, shape, data } = writer.parameter(`${layer.name}.${part}`);
    return writer.constant(name, shape, data);
  });
  const epsilon = float("epsilon", layer.config().epsilon as number);
  return { name: writer.add("BatchNormalization", [value.name, ...own], [epsilon]) };
};

const flatten: Operator = (writer, { inputShapes }, [value]) => {
  const [shape] = inputShapes;
  const name = writer.add("Flatten", [value.name]);
  return shape.length === 3 ? { name, flattened: shape } : { ...value, name };
};

const dense: Operator = (writer, node, [value]) => {
  const { name, shape, data } = writer.parameter(`${node.layer.name}.kernel`);
  const rows = value.flattened ? rowsByChannel(value.flattened, data) : data;
  const kernel = writer.constant(name, shape, rows);
  return activated(writer, node, writer.add("Gemm", [value.name, kernel, ...biasOf(writer, node)]));
};

const reshape: Operator = (writer, node, [value]) => {
  const [from] = node.inputShapes;
  // Of one channel both orders are the same.
  if (from.length === 3 && from[2] !== 1) throw cannotWrite(node, ": its images have several channels");
  const { targetShape } = node.layer.config();
  const sizes = BigInt64Array.from([0, ...(targetShape as Shape)], BigInt);
  const target = writer.constant(`${node.layer.name}.shape`, [sizes.length], sizes);
  return { name: writer.add("Reshape", [value.name, target]) };
};

/** The last states of an LSTM, of one direction or of both side by side. */
const lstm =
  (prefixes: readonly string[]): Operator =>
  (writer, node, [value]) => {
    const { name } = node.layer;
    const config = node.layer.config();
    const units = config.units as number;
    if (config.returnSequences) throw cannotWrite(node, ": it gives every step's output");
    const joined = (part: string, columns: number, turn: (data: Float32Array) => Float32Array): string => {
      const each = prefixes.map((prefix) => [...turn(writer.parameter(`${name}.${prefix}${part}`).data)]);
      const shape = columns > 0 ? [prefixes.length, 4 * units, columns] : [prefixes.length, 8 * units];
      return writer.constant(`${name}.${part}`, shape, Float32Array.from(each.flat()));
    };
    const features = node.inputShapes[0][1];
    const stepsFirst = writer.add("Transpose", [value.name], [ints("perm", [1, 0, 2])]);
    const inputs = [
      stepsFirst,
      joined("kernel", features, (data) => gatesFirst([0, 3, 1, 2], features, data)),
      joined("recurrentKernel", units, (data) => gatesFirst([0, 3, 1, 2], units, data)),
      // ONNX adds two biases: the second is nothing.
      joined("bias", 0, (data) =>
        Float32Array.from([...gatesFirst([0, 3, 1, 2], 1, data), ...data.map(() => 0)]),
      ),
    ];
    const attributes = [
      int("hidden_size", units),
      ...(prefixes.length > 1 ? [text("direction", "bidirectional")] : []),
    ];
    const last = writer.add("LSTM", inputs, attributes, 1);
    const imagesFirst = writer.add("Transpose", [last], [ints("perm", [1, 0, 2])]);
    return { name: writer.add("Flatten", [imagesFirst]) };
  };

const add: Operator = (writer, _node, [first, ...others]) => ({
  ...first,
  name: others.reduce((sum, other) => writer.add("Add", [sum, other.name]), first.name),
});

const globalAveragePool: Operator = (writer, _node, [value]) => ({
  name: writer.add("Flatten", [writer.add("GlobalAveragePool", [value.name])]),
});

/** How each type of layer is written; the types that are missing can't be. */
export const operators: Readonly<Record<string, Operator>> = {
  activation: (writer, node, [value]) => ({
    ...value,
    ...activated(writer, node, value.name, "function"),
  }),
  add,
  batchNorm,
  bilstm: lstm(["forward.", "backward."]),
  conv2d: (writer, node, [value]) =>
    convolution(writer, node, value, (node.layer.config().groups as number | undefined) ?? 1),
  dense,
  depthwiseConv2d: (writer, node, [value]) => convolution(writer, node, value, node.inputShapes[0][2]),
  dropout: passed,
  flatten,
  globalAveragePool2d: globalAveragePool,
  lstm: lstm([""]),
  maxPool2d: maxPool,
  reshape,
};
