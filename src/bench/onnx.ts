import { HeddleError } from "../core/errors.js";
import type { Graph } from "../core/graph/index.js";
import type { Shape } from "../core/layers/layer.js";
import type { NamedTensor } from "../core/named-tensor.js";
import { type Field, message } from "./protobuf.js";

/** Field numbers and codes are those of onnx.proto: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto. */
const float32 = 1n;
const opset = 13n;
const irVersion = 8n;

/**
 * A model for ONNX Runtime to run beside ours: images [N, C, H, W] in, softmax outputs [N, classes] out.
 * It knows what the Proposed CNN is made of: `valid` convolutions, max-pools, dense layers, ReLU; and flattens
 * only what is one pixel large, where the order of channels and pixels can't differ.
 *
 * @throws HeddleError naming the layer that it can't write
 */
export function onnxModel(graph: Graph, parameters: readonly NamedTensor[]): Uint8Array<ArrayBuffer> {
  const [height, width, channels] = graph.inputShape;
  const nodes: Uint8Array[] = [];
  const initializers: Uint8Array[] = [];
  let value = "images";
  const add = (operator: string, inputs: readonly string[], attributes: readonly Uint8Array[] = []): void => {
    const output = `value${nodes.length + 1}`;
    nodes.push(node(operator, [value, ...inputs], output, attributes));
    value = output;
  };
  const initializer = (name: string, dimensions: Shape, data: Float32Array): string => {
    initializers.push(tensor(name, dimensions, data));
    return name;
  };
  const parameter = (name: string): NamedTensor => {
    const found = parameters.find((other) => other.name === name);
    if (found) return found;
    throw new HeddleError(`There is no tensor "${name}" to write.`);
  };

  for (const { layer, index, inputs, inputShapes } of graph.nodes) {
    const config = layer.config();
    const [shape] = inputShapes;
    if (inputs.length !== 1 || inputs[0] !== index - 1)
      throw new HeddleError(
        `The layer ${layer.name} doesn't follow the one before it, which can't be written here.`,
      );
    const kernel = `${layer.name}.kernel`;
    const bias = `${layer.name}.bias`;
    const plain = config.dilation === undefined && config.groups === undefined;
    if (layer.type === "conv2d" && config.padding === "valid" && plain) {
      const { shape: dimensions, data } = parameter(kernel);
      const [rows, columns, inChannels, filters] = dimensions;
      add(
        "Conv",
        [
          initializer(kernel, [filters, inChannels, rows, columns], filtersFirst(dimensions, data)),
          initializer(bias, [filters], parameter(bias).data),
        ],
        [ints("strides", config.strides as Shape)],
      );
    } else if (layer.type === "maxPool2d") {
      const sizes = [
        ints("kernel_shape", config.poolSize as Shape),
        ints("strides", config.strides as Shape),
      ];
      add("MaxPool", [], sizes);
    } else if (layer.type === "flatten" && (shape.length === 1 || (shape[0] === 1 && shape[1] === 1))) {
      add("Flatten", []);
    } else if (layer.type === "dense") {
      const { shape: dimensions, data } = parameter(kernel);
      add("Gemm", [
        initializer(kernel, dimensions, data),
        initializer(bias, [dimensions[1]], parameter(bias).data),
      ]);
    } else if (layer.type !== "dropout") {
      throw new HeddleError(`The layer ${layer.name} (${layer.type}) can't be written as ONNX here.`);
    }
    if (config.activation === "relu") add("Relu", []);
  }
  add("Softmax", []);

  const written = message(
    ...nodes.map((each): Field => [1, each]),
    [2, "heddle-bench"],
    ...initializers.map((each): Field => [5, each]),
    [11, valueInfo("images", ["N", channels, height, width])],
    [12, valueInfo(value, ["N", ...graph.outputShape])],
  );
  return message([1, irVersion], [2, "heddle"], [7, written], [8, message([1, ""], [2, opset])]);
}

function node(
  operator: string,
  inputs: readonly string[],
  output: string,
  attributes: readonly Uint8Array[],
): Uint8Array {
  return message(
    ...inputs.map((input): Field => [1, input]),
    [2, output],
    [4, operator],
    ...attributes.map((attribute): Field => [5, attribute]),
  );
}

/** An attribute that is a list of whole numbers. */
function ints(name: string, values: Shape): Uint8Array {
  return message([1, name], ...values.map((value): Field => [8, BigInt(value)]), [20, 7n]);
}

function tensor(name: string, dimensions: Shape, data: Float32Array): Uint8Array {
  return message(
    ...dimensions.map((size): Field => [1, BigInt(size)]),
    [2, float32],
    [8, name],
    [9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)],
  );
}

/** A float tensor's name and sizes; a word stands for a size that is known only when it runs. */
function valueInfo(name: string, sizes: readonly (number | string)[]): Uint8Array {
  const dimensions = sizes.map(
    (size): Field => [1, typeof size === "string" ? message([2, size]) : message([1, BigInt(size)])],
  );
  return message([1, name], [2, message([1, message([1, float32], [2, message(...dimensions)])])]);
}

/** [rows, columns, in, out] → [out, in, rows, columns]. */
function filtersFirst([rows, columns, inChannels, filters]: Shape, data: Float32Array): Float32Array {
  const turned = new Float32Array(data.length);
  const area = rows * columns;
  for (let place = 0; place < area; place++)
    for (let channel = 0; channel < inChannels; channel++)
      for (let filter = 0; filter < filters; filter++)
        turned[(filter * inChannels + channel) * area + place] =
          data[(place * inChannels + channel) * filters + filter];
  return turned;
}
