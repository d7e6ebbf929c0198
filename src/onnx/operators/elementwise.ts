import { type Constant, uniformValue } from "../constant.js";
import { type Expression, erf, functions, join, longestExpression, sigmoid, step } from "../expression.js";
import { broadcast, mapped } from "../fold.js";
import { joined } from "../joined.js";
import { lengths } from "../layout.js";
import type { NodeReader } from "../node-reader.js";
import { scaledAndShifted } from "../per-channel.js";
import { settled } from "../settle.js";
import { sameAtoms, type Value, type View } from "../view.js";
import type { Operator } from "./operator.js";

const none = Number.NEGATIVE_INFINITY;

/** One function of each value, with what the node's attributes make of it. */
export const unary =
  (
    make: (node: NodeReader) => (x: number) => number,
    leastOf: (f: (x: number) => number) => number = () => none,
  ): Operator =>
  (node) => {
    const f = make(node);
    const value = node.value(0);
    return value.kind === "constant"
      ? mapped(value, f, false)
      : applied(value, f, node.operator, node, leastOf(f));
  };

/** @param least what no value of the function is below */
function applied(view: View, f: (x: number) => number, words: string, node: NodeReader, least: number): View {
  const short = (view.expression?.size ?? 0) < longestExpression ? view : settled(view, node);
  return { ...short, expression: step(short.expression, f, words), least };
}

const plain = (f: (x: number) => number, least = none): Operator =>
  unary(
    () => f,
    () => least,
  );

type Pair = "Add" | "Sub" | "Mul" | "Div" | "Max" | "Min" | "Pow";

const pairs: Readonly<Record<Pair, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Max: Math.max,
  Min: Math.min,
  Pow: (a, b) => a ** b,
};

/** Two values joined, of which either may be a constant. */
export const binary =
  (operator: Pair): Operator =>
  (node) => {
    const [a, b] = aligned(node);
    return node.inputs > 2 && (operator === "Max" || operator === "Min")
      ? node.refuse("it joins more than two")
      : pairOf(operator, a, b, node);
  };

/** Sum of any number. */
export const sum: Operator = (node) => {
  const values = node.node.input.map((_, index) => node.value(index));
  return values.slice(1).reduce((before, value) => pairOf("Add", before, value, node), values[0]);
};

/** Inputs with as many axes: operators of before version 7 said at which axis of the first the second lies. */
function aligned(node: NodeReader): readonly [Value, Value] {
  const [a, b] = [node.value(0), node.value(1)];
  if (node.opset >= 7) return [a, b];
  const isSpread = node.int("broadcast", 0) !== 0;
  const rank = a.dims.length;
  const axis = node.int("axis", rank - b.dims.length);
  if (!isSpread || b.kind === "view" || axis === rank - b.dims.length) return [a, b];
  const behind = rank - axis - b.dims.length;
  return behind < 0 ? [a, b] : [a, { ...b, dims: [...b.dims, ...Array(behind).fill(1)] }];
}

export function pairOf(operator: Pair, a: Value, b: Value, node: NodeReader): Value {
  const f = pairs[operator];
  if (a.kind === "constant" && b.kind === "constant") {
    const isWhole = a.whole && b.whole;
    return broadcast(a, b, isWhole && operator === "Div" ? (x, y) => Math.trunc(x / y) : f, node);
  }
  if (b.kind === "constant") return withConstant(operator, a as View, b, false, node);
  if (a.kind === "constant") return withConstant(operator, b, a, true, node);
  return ofTwo(operator, a, b, node);
}

function ofTwo(operator: Pair, a: View, b: View, node: NodeReader): View {
  const f = pairs[operator];
  const isOne =
    a.draft === b.draft &&
    a.dims.length === b.dims.length &&
    a.dims.every((atoms, axis) => sameAtoms(atoms, b.dims[axis]));
  const joins = operator === "Add" || operator === "Sub" || operator === "Mul" ? operator : undefined;
  const isShort = (a.expression?.size ?? 0) + (b.expression?.size ?? 0) < longestExpression;
  if (isOne && isShort && (a.expression || b.expression || !joins)) {
    const expression: Expression = join(a.expression, b.expression, f, operator, joins);
    return { ...a, expression, least: none, sole: a.sole && b.sole };
  }
  if (!joins) return node.refuse("heddle adds and multiplies tensors, and joins them in no other way");
  return joined(joins, [settled(a, node), settled(b, node)], node);
}

/** @param first whether the constant is the first of the two */
function withConstant(operator: Pair, view: View, other: Constant, first: boolean, node: NodeReader): View {
  const f = pairs[operator];
  const ours = lengths(view);
  if (other.dims.length > ours.length && other.dims.slice(0, -ours.length).some((length) => length !== 1))
    return node.refuse(`a constant [${other.dims.join(", ")}] has more axes than what it is joined with`);
  const value = uniformValue(other);
  const isImages = view.draft.affine !== undefined && !view.expression;
  const isLinear =
    operator === "Add" || operator === "Sub" || operator === "Mul" || (operator === "Div" && !first);
  if (value !== undefined && !(isImages && isLinear)) {
    const g = first ? (x: number) => f(value, x) : (x: number) => f(x, value);
    const least =
      (operator === "Mul" || operator === "Div") && value > 0
        ? Math.min(view.least, 0)
        : leastOf(operator, value, view);
    return applied(view, g, node.operator, node, least);
  }
  if (!isLinear) return node.refuse(`${operator} with a number for each channel is none of heddle's layers`);
  const shape = [...Array(Math.max(ours.length - other.dims.length, 0)).fill(1), ...other.dims].slice(
    -ours.length,
  );
  const along = shape.flatMap((length, axis) => (length > 1 ? [axis] : []));
  if (along.length > 1 || (along.length === 1 && (shape[along[0]] !== ours[along[0]] || along[0] === 0)))
    return node.refuse(
      `a constant [${other.dims.join(", ")}] differs from pixel to pixel or is larger than [${ours.slice(1).join(", ")}], ` +
        "where heddle has a number for each channel",
    );
  const numbers = value === undefined ? [...other.values] : [value];
  const base = settled(view, node);
  return scaledAndShifted(base, along[0], changeOf(operator, numbers, first), node);
}

function changeOf(operator: Pair, numbers: readonly number[], first: boolean) {
  if (operator === "Mul") return { factor: numbers };
  if (operator === "Div") return { factor: numbers.map((number) => 1 / number) };
  if (operator === "Add") return { shift: numbers };
  return first ? { factor: [-1], shift: numbers } : { shift: numbers.map((number) => -number) };
}

/** What no value is below behind an operator with one number. */
function leastOf(operator: Pair, value: number, { least }: View): number {
  if (operator === "Max") return Math.max(least, value);
  if (operator === "Add") return least + value;
  if (operator === "Pow" && value % 2 === 0) return 0;
  return none;
}

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
  if (value.kind === "constant") return mapped(value, clamp);
  return applied(value, clamp, `Clip to ${least} … ${most}`, node, Math.max(value.least, least));
};

/** PRelu with one slope is a leaky ReLU. */
export const prelu: Operator = (node) => {
  const slope = uniformValue(node.constant(1, "slopes"));
  if (slope === undefined)
    return node.refuse("it has a slope for each channel, where heddle's leakyRelu has one for all");
  return applied(node.pending(0), (x) => (x < 0 ? slope * x : x), "PRelu", node, slope <= 0 ? 0 : none);
};

const hardSigmoid = (alpha: number, beta: number) => (x: number) =>
  Math.min(Math.max(alpha * x + beta, 0), 1);

/** What nodes do with each value alone. */
export const functionsOfValues: Readonly<Record<string, Operator>> = {
  Relu: plain(functions.relu, 0),
  Sigmoid: plain(sigmoid, 0),
  Tanh: plain(Math.tanh),
  Softplus: plain(functions.softplus, 0),
  Erf: plain(erf),
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
  HardSigmoid: unary(
    (node) => hardSigmoid(node.float("alpha", 0.2), node.float("beta", 0.5)),
    () => 0,
  ),
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
