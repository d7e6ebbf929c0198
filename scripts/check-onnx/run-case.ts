import { readFileSync } from "node:fs";
import { fromBinary } from "@bufbuild/protobuf";
import { TensorProtoSchema } from "onnx-buf";
import { referenceNetwork } from "#heddle/core/kernels/reference/network.js";
import { HeddleError } from "#heddle/node/index.js";
import { buildGraph } from "#heddle/onnx/build-graph.js";
import { type Constant, decodeTensor, sizeOf } from "#heddle/onnx/constant.js";
import { decodeOnnx } from "#heddle/onnx/decode.js";
import { type ReadGraph, readGraph } from "#heddle/onnx/read-graph.js";
import { settled } from "#heddle/onnx/settle.js";
import { orderBetween, type View } from "#heddle/onnx/view.js";

/** A model with an input and what is to come of it; where no input is kept, ONNX's own tests count upwards to one. */
export interface ConformanceCase {
  readonly name: string;
  readonly model: string;
  readonly input?: string;
  readonly output: string;
}

/** How a case went: values agree as ONNX's tests want it, or the model is refused, and why. */
export interface CaseResult {
  readonly name: string;
  readonly operators: readonly string[];
  readonly result: "agrees" | "differs" | "refused";
  /** The largest difference over the largest value. */
  readonly difference?: number;
  readonly why?: string;
}

/** What ONNX's own tests allow. */
const relative = 1e-3;
const absolute = 1e-7;

function tensorIn(file: string): Constant {
  return decodeTensor(fromBinary(TensorProtoSchema, readFileSync(file)), (why) => {
    throw new Error(`${file}: ${why}`);
  });
}

/** Runs a model's graph in plain double precision. */
export function runCase({ name, model: file, input, output }: ConformanceCase): CaseResult {
  const operators = operatorsIn(file);
  try {
    const read = readGraph(decodeOnnx(readFileSync(file), name), { source: name, imageSize: undefined, output: undefined });
    const values = outputOf(read, input === undefined ? counting(read) : tensorIn(input));
    const wanted = tensorIn(output);
    const largest = Math.max(...Array.from(wanted.values, Math.abs));
    const differences = Array.from(wanted.values, (value, index) => Math.abs(value - values[index]));
    const agrees =
      values.length === wanted.values.length &&
      differences.every((each, index) => each <= absolute + relative * Math.abs(wanted.values[index]));
    const difference = Math.max(...differences) / (largest || 1);
    return { name, operators, result: agrees ? "agrees" : "differs", difference };
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    return { name, operators, result: "refused", why: error.message.slice(name.length + 2) };
  }
}

const operatorsIn = (file: string): readonly string[] => [
  ...new Set(decodeOnnx(readFileSync(file), file).graph.node.map(({ opType }) => opType)),
];

/** 0, 1/n, 2/n, … */
function counting({ input: { dims } }: ReadGraph): Constant {
  const sizes = dims.map((length) => Math.max(length, 1));
  const size = sizeOf(sizes);
  const values = Float32Array.from({ length: size }, (_, index) => index / size);
  return { kind: "constant", dims: sizes, values, whole: false };
}

/** What a graph gives, in the order of the file's axes. */
function outputOf(read: ReadGraph, input: Constant): Float64Array {
  const { importer, reader } = read;
  const view = settled(read.output, reader);
  const { graph, weights, affine } = buildGraph(view.draft, (why) => importer.refuse(why));
  if (affine.scale.some((each) => each !== 1) || affine.shift.some((each) => each !== 0))
    importer.refuse("its first nodes scale the images");
  const count = input.dims[0];
  const pixels = inPlaces(input.values, read.inputView, count);
  const given = referenceNetwork(graph).forward(
    new Map(weights.map(({ name, data }) => [name, data])),
    pixels,
    count,
  );
  return ended(backInPlaces(given, view, count), view, count);
}

/** The file's order of values as heddle's. */
function inPlaces(values: ArrayLike<number>, view: View, count: number): Float64Array {
  const order = orderOf(view);
  const placed = new Float64Array(values.length);
  const size = values.length / count;
  for (let image = 0; image < count; image++)
    for (let index = 0; index < size; index++)
      placed[image * size + order[index]] = values[image * size + index];
  return placed;
}

function backInPlaces(values: Float64Array, view: View, count: number): Float64Array {
  const order = orderOf(view);
  const size = values.length / count;
  return values.map((_, index) => values[Math.floor(index / size) * size + order[index % size]]);
}

function orderOf(view: View): Uint32Array {
  const atoms = view.dims.flat().filter((atom) => view.axes.includes(atom));
  return orderBetween(view.axes, atoms)!;
}

/** With the softmax that heddle leaves to the model. */
function ended(values: Float64Array, { end }: View, count: number): Float64Array {
  if (!end) return values;
  const size = values.length / count;
  const result = new Float64Array(values.length);
  for (let image = 0; image < count; image++) {
    const row = values.subarray(image * size, (image + 1) * size);
    const most = Math.max(...row);
    const sum = row.reduce((total, value) => total + Math.exp(value - most), 0);
    row.forEach((value, index) => {
      const log = value - most - Math.log(sum);
      result[image * size + index] = end === "softmax" ? Math.exp(log) : log;
    });
  }
  return result;
}
