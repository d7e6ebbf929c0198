// Messages of ONNX by the field numbers and codes of https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
import type { Shape } from "../../core/layers/layer.js";
import { type Field, message } from "./protobuf.js";

const float32 = 1n;
const int64 = 7n;
const opset = 13n;
const irVersion = 8n;

export function nodeMessage(
  operator: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: readonly Uint8Array[],
): Uint8Array {
  return message(
    ...inputs.map((input): Field => [1, input]),
    ...outputs.map((output): Field => [2, output]),
    [4, operator],
    ...attributes.map((attribute): Field => [5, attribute]),
  );
}

/** An attribute that is a number with a fraction. */
export const float = (name: string, value: number): Uint8Array =>
  message([1, name], [2, { float: value }], [20, 1n]);

/** An attribute that is a whole number. */
export const int = (name: string, value: number): Uint8Array =>
  message([1, name], [3, BigInt(value)], [20, 2n]);

/** An attribute that is a word. */
export const text = (name: string, value: string): Uint8Array => message([1, name], [4, value], [20, 3n]);

/** An attribute that is a list of whole numbers. */
export const ints = (name: string, values: Shape): Uint8Array =>
  message([1, name], ...values.map((value): Field => [8, BigInt(value)]), [20, 7n]);

/** A constant: numbers, or whole numbers such as sizes. */
export function tensorMessage(
  name: string,
  dimensions: Shape,
  data: Float32Array | BigInt64Array,
): Uint8Array {
  return message(
    ...dimensions.map((size): Field => [1, BigInt(size)]),
    [2, data instanceof Float32Array ? float32 : int64],
    [8, name],
    [9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)],
  );
}

/** A float tensor's name and sizes; a word stands for a size that is known only when it runs. */
export function valueMessage(name: string, sizes: readonly (number | string)[]): Uint8Array {
  const dimensions = sizes.map(
    (size): Field => [1, typeof size === "string" ? message([2, size]) : message([1, BigInt(size)])],
  );
  return message([1, name], [2, message([1, message([1, float32], [2, message(...dimensions)])])]);
}

/** A whole model of one graph. */
export function modelMessage(graph: {
  readonly nodes: readonly Uint8Array[];
  readonly initializers: readonly Uint8Array[];
  readonly input: Uint8Array;
  readonly output: Uint8Array;
}): Uint8Array<ArrayBuffer> {
  const written = message(
    ...graph.nodes.map((each): Field => [1, each]),
    [2, "heddle-bench"],
    ...graph.initializers.map((each): Field => [5, each]),
    [11, graph.input],
    [12, graph.output],
  );
  return message([1, irVersion], [2, "heddle"], [7, written], [8, message([1, ""], [2, opset])]);
}
