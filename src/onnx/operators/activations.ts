import { uniformValue } from "../constant.js";
import { erf, functions, sigmoid } from "../expression.js";
import { mapped } from "../fold.js";
import type { NodeReader } from "../node-reader.js";
import { applied, none } from "./elementwise.js";
import type { Operator } from "./operator.js";

/** What makes whole numbers of whole numbers. */
const keepsWhole = new Set(["Abs", "Neg", "Relu"]);

/** One function of each value, with what the node's attributes make of it. */
const unary =
  (
    make: (node: NodeReader) => (x: number) => number,
    leastOf: (f: (x: number) => number) => number = () => none,
  ): Operator =>
  (node) => {
    const f = make(node);
    const value = node.value(0);
    return value.kind === "constant"
      ? mapped(value, f, node, value.whole && keepsWhole.has(node.operator))
      : applied(value, f, node.operator, node, leastOf(f));
  };

const plain = (f: (x: number) => number, least = none): Operator =>
  unary(
    () => f,
    () => least,
  );

/** Clip, whose bounds were attributes once and are inputs now. */
export const clip: Operator = (node) => {
  const bound = (index: number, name: string, usual: number): number => {
    if (node.opset < 11) return node.float(name, usual);
    if (!node.has(index)) return usual;
    return (
      uniformValue(node.constant(index, `${name} values`)) ?? node.refuse(`its ${name} is no single number`)
    );
  };
  const least = bound(1, "min", none);
  const most = bound(2, "max", Number.POSITIVE_INFINITY);
  const clamp = (x: number): number => Math.min(Math.max(x, least), most);
  const value = node.value(0);
  if (value.kind === "constant") return mapped(value, clamp, node);
  return applied(value, clamp, `Clip to ${least} … ${most}`, node, Math.max(value.least, least));
};

/** PRelu with one slope is a leaky ReLU. */
export const prelu: Operator = (node) => {
  const slope = uniformValue(node.constant(1, "slopes"));
  if (slope === undefined)
    return node.refuse("it has a slope for each channel, where heddle's leakyRelu has one for all");
  return applied(node.pending(0), (x) => (x < 0 ? slope * x : x), "PRelu", node, slope <= 0 ? 0 : none);
};

/** HardSigmoid, min(max(α x + β, 0), 1), in steps of which each may become a layer. */
const hardSigmoid: Operator = (node) => {
  const [alpha, beta] = [node.float("alpha", 0.2), node.float("beta", 0.5)];
  const value = node.value(0);
  const steps = [
    (x: number) => alpha * x,
    (x: number) => x + beta,
    (x: number) => Math.min(Math.max(x, 0), 1),
  ];
  if (value.kind === "constant") return steps.reduce((before, f) => mapped(before, f, node, false), value);
  return steps.reduce((before, f) => applied(before, f, "HardSigmoid", node, 0), value);
};

/** What nodes do with each value alone. */
export const functionsOfValues: Readonly<Record<string, Operator>> = {
  Relu: plain(functions.relu, 0),
  Sigmoid: plain(sigmoid, 0),
  Tanh: plain(Math.tanh),
  Softplus: plain(functions.softplus, 0),
  Erf: plain(erf),
  // Of no operator of ONNX's own versions, but tf2onnx leaves TensorFlow's name where it knows no other.
  Erfc: plain((x) => 1 - erf(x)),
  HardSwish: plain(functions.hardSwish),
  Mish: plain((x) => x * Math.tanh(functions.softplus(x))),
  Softsign: plain((x) => x / (1 + Math.abs(x))),
  Exp: plain(Math.exp, 0),
  Log: plain(Math.log),
  Sqrt: plain(Math.sqrt, 0),
  Reciprocal: plain((x) => 1 / x),
  Abs: plain(Math.abs, 0),
  Neg: plain((x) => -x),
  Floor: plain(Math.floor),
  Ceil: plain(Math.ceil),
  LeakyRelu: unary((node) => {
    const slope = node.float("alpha", 0.01);
    return (x) => (x < 0 ? slope * x : x);
  }),
  Elu: unary((node) => {
    const alpha = node.float("alpha", 1);
    return (x) => (x > 0 ? x : alpha * Math.expm1(x));
  }),
  Celu: unary((node) => {
    const alpha = node.float("alpha", 1);
    return (x) => Math.max(x, 0) + Math.min(0, alpha * Math.expm1(x / alpha));
  }),
  Selu: unary((node) => {
    const [alpha, gamma] = [node.float("alpha", 1.6732632), node.float("gamma", 1.0507009)];
    return (x) => gamma * (x > 0 ? x : alpha * Math.expm1(x));
  }),
  HardSigmoid: hardSigmoid,
  Gelu: unary((node) => (node.text("approximate", "none") === "tanh" ? functions.geluTanh : functions.gelu)),
  Swish: unary((node) => {
    const alpha = node.float("alpha", 1);
    return (x) => x * sigmoid(alpha * x);
  }),
  ThresholdedRelu: unary(
    (node) => {
      const alpha = node.float("alpha", 1);
      return (x) => (x > alpha ? x : 0);
    },
    () => 0,
  ),
};
