import { TensorProto_DataType } from "onnx-buf";
import { dropout as dropoutLayer } from "../../core/layers/index.js";
import { type Constant, constant, sizeOf, uniformValue, vector, wholeType } from "../constant.js";
import { mapped } from "../fold.js";
import { behind } from "../recognize.js";
import { shortestDecimal } from "../shortest-decimal.js";
import { clip, functionsOfValues, prelu } from "./activations.js";
import { gather, slice, split } from "./choose.js";
import { convolution } from "./convolution.js";
import { gemm, matMul } from "./dense.js";
import { binary, sum } from "./elementwise.js";
import { loop } from "./loop.js";
import { batchNormalization, layerNormalization } from "./norms.js";
import type { Operator, Operators } from "./operator.js";
import { averagePool, globalAveragePool, globalMaxPool, maxPool, reduce } from "./pools.js";
import { recurrent } from "./recurrent.js";
import * as shapes from "./shapes.js";
import { softmax } from "./softmax.js";
import { where } from "./where.js";

const { BOOL } = TensorProto_DataType;

const identity: Operator = (node) => node.value(0);

const cast: Operator = (node) => {
  const to = node.int("to", 0);
  const isWhole = wholeType(to);
  const value = node.value(0);
  node.int("saturate", 1);
  if (isWhole === undefined) return node.refuse(`it makes values of type ${to}`);
  if (value.kind === "view")
    return isWhole ? node.refuse("it makes whole numbers of what depends on the images") : value;
  const truth = (x: number): number => Number(x !== 0);
  const cut = mapped(
    value,
    to === BOOL ? truth : isWhole && !value.whole ? Math.trunc : (x) => x,
    node,
    isWhole,
  );
  return isWhole === value.whole
    ? cut
    : { ...cut, values: isWhole ? Float64Array.from(cut.values) : Float32Array.from(cut.values) };
};

const constantNode: Operator = (node) => {
  const tensor = node.tensor("value");
  if (tensor) return tensor;
  const [float, floats, int, ints] = [
    node.floats("value_floats"),
    node.float("value_float", Number.NaN),
    node.ints("value_ints"),
    node.int("value_int", Number.NaN),
  ];
  if (float) return constant([float.length], Float32Array.from(float), false);
  if (int) return vector(int);
  if (!Number.isNaN(floats)) return constant([], Float32Array.of(floats), false);
  if (!Number.isNaN(ints)) return constant([], Float64Array.of(ints), true);
  return node.refuse("it has no value of numbers");
};

const constantOfShape: Operator = (node) => {
  const dims = node.numbers(0, "sizes");
  if (dims.some((length) => !(length >= 0)) || !Number.isSafeInteger(sizeOf(dims)))
    return node.refuse(`its sizes are [${dims.join(", ")}]`);
  const fill = node.tensor("value");
  const values = fill ? fill.values.slice(0, 1) : Float32Array.of(0);
  return constant(dims, values, fill?.whole ?? false);
};

const range: Operator = (node) => {
  const [start, limit, delta] = [0, 1, 2].map(
    (index) =>
      uniformValue(node.constant(index, "bounds")) ?? node.refuse("its bounds are no single numbers"),
  );
  const count = Math.max(Math.ceil((limit - start) / delta), 0);
  if (!(count <= 4096)) return node.refuse(`it counts to ${limit} by ${delta}`);
  return vector(Array.from({ length: count }, (_, index) => start + index * delta));
};

/** Dropout does nothing in inference; it is kept for a training that goes on. */
const dropout: Operator = (node) => {
  const view = node.view(0);
  const given =
    node.opset < 12 ? node.float("ratio", 0.5) : node.has(1) ? uniformValue(node.constant(1, "ratio")) : 0.5;
  const rate = shortestDecimal(given ?? 0.5);
  const made = rate > 0 && rate < 1 ? behind(view, [dropoutLayer({ rate })]) : view;
  return [made, undefined];
};

const reduceProd: Operator = (node) => {
  const value: Constant = node.constant(0, "sizes");
  node.axes("axes", 1);
  const product = node.numbers(0, "sizes").reduce((a, b) => a * b, 1);
  if (value.dims.length !== 1) return node.refuse("it multiplies along several axes");
  return constant(node.int("keepdims", 1) ? [1] : [], Float64Array.of(product), value.whole);
};

/** How each operator is read; those that are missing can't be. */
export const operators: Operators = new Map<string, Operator>([
  ...Object.entries(functionsOfValues),
  ["Conv", convolution],
  ["Gemm", gemm],
  ["MatMul", matMul],
  ["BatchNormalization", batchNormalization],
  ["LayerNormalization", layerNormalization],
  ["MaxPool", maxPool],
  ["AveragePool", averagePool],
  ["GlobalAveragePool", globalAveragePool],
  ["GlobalMaxPool", globalMaxPool],
  ["ReduceMean", reduce("mean")],
  ["ReduceMax", reduce("max")],
  ["Add", binary("Add")],
  ["Sub", binary("Sub")],
  ["Mul", binary("Mul")],
  ["Div", binary("Div")],
  ["Max", binary("Max")],
  ["Min", binary("Min")],
  ["Pow", binary("Pow")],
  ["Greater", binary("Greater")],
  ["Less", binary("Less")],
  ["Equal", binary("Equal")],
  ["And", binary("And")],
  ["Where", where],
  ["Sum", sum],
  ["Clip", clip],
  ["PRelu", prelu],
  ["LSTM", recurrent("LSTM")],
  ["GRU", recurrent("GRU")],
  ["Loop", loop(() => operators)],
  ["Reshape", shapes.reshape],
  ["Flatten", shapes.flatten],
  ["Squeeze", shapes.squeeze],
  ["Unsqueeze", shapes.unsqueeze],
  ["Transpose", shapes.transpose],
  ["Shape", shapes.shape],
  ["Size", shapes.size],
  ["Concat", shapes.concat],
  ["Pad", shapes.pad],
  ["Gather", gather],
  ["Slice", slice],
  ["Split", split],
  ["Expand", shapes.expand],
  ["Softmax", softmax("softmax")],
  ["LogSoftmax", softmax("log-softmax")],
  ["Identity", identity],
  ["Cast", cast],
  ["Constant", constantNode],
  ["ConstantOfShape", constantOfShape],
  ["Range", range],
  ["Dropout", dropout],
  ["ReduceProd", reduceProd],
]);
