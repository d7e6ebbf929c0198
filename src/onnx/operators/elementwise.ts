import { type Constant, uniformValue } from "../constant.js";
import { join, longestExpression, step } from "../expression.js";
import { broadcast } from "../fold.js";
import { joined } from "../joined.js";
import { lengths } from "../layout.js";
import type { NodeReader } from "../node-reader.js";
import { appliedOver, joinedOver } from "../over-channels.js";
import { scaledAndShifted } from "../per-channel.js";
import { settled } from "../settle.js";
import { sameAtoms, type Value, type View } from "../view.js";
import type { Operator } from "./operator.js";

export const none = Number.NEGATIVE_INFINITY;

/** A function of each value, to become layers later. @param least what no value of it is below */
export function applied(
  view: View,
  f: (x: number) => number,
  words: string,
  node: NodeReader,
  least: number,
): View {
  if (view.over) return appliedOver(view, view.over, f, node);
  const short = (view.expression?.size ?? 0) < longestExpression ? view : settled(view, node);
  return { ...short, expression: step(short.expression, f, words), least };
}

type Pair = "Add" | "Sub" | "Mul" | "Div" | "Max" | "Min" | "Pow" | "Greater" | "Less" | "Equal" | "And";

const pairs: Readonly<Record<Pair, (a: number, b: number) => number>> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Max: Math.max,
  Min: Math.min,
  Pow: (a, b) => a ** b,
  Greater: (a, b) => Number(a > b),
  Less: (a, b) => Number(a < b),
  Equal: (a, b) => Number(a === b),
  And: (a, b) => Number(a !== 0 && b !== 0),
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
  const over = joinedOver(a, b, f, node);
  if (over) return over;
  if (b.kind === "constant") return withConstant(operator, a as View, b, false, node);
  if (a.kind === "constant") return withConstant(operator, b, a, true, node);
  return ofTwo(operator, a, b, node);
}

/** Whether two views are of the same values in the same places, apart from a function of each value alone. */
export const isSame = (a: View, b: View): boolean =>
  !a.over &&
  !b.over &&
  a.draft === b.draft &&
  a.dims.length === b.dims.length &&
  a.dims.every((atoms, axis) => sameAtoms(atoms, b.dims[axis]));

function ofTwo(operator: Pair, a: View, b: View, node: NodeReader): View {
  const f = pairs[operator];
  const joins = operator === "Add" || operator === "Sub" || operator === "Mul" ? operator : undefined;
  const isShort = (a.expression?.size ?? 0) + (b.expression?.size ?? 0) < longestExpression;
  // A value added to itself is a layer: twice it would be the same but for more than two of them, whose rounding differs.
  const isTwice = operator === "Add" && !a.expression && !b.expression;
  if (isSame(a, b) && isShort && !isTwice) {
    const expression = join(
      [a.expression, b.expression],
      f as (...values: number[]) => number,
      operator,
      joins,
    );
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
  const shape = [...Array(Math.max(ours.length - other.dims.length, 0)).fill(1), ...other.dims].slice(
    -ours.length,
  );
  if (shape.some((length, axis) => length > 1 && length !== ours[axis]))
    return node.refuse(
      `a constant [${other.dims.join(", ")}] is larger than [${ours.slice(1).join(", ")}] of each image`,
    );
  const value = uniformValue(other);
  // What several nodes read of the images begins a function of them, not how pixels enter.
  const readers = node.importer.readers.get(node.node.input[first ? 1 : 0]) ?? 0;
  const isImages =
    view.draft.affine !== undefined && !view.expression && readers <= 1 && !node.importer.isNormalized;
  const isLinear =
    operator === "Add" || operator === "Sub" || operator === "Mul" || (operator === "Div" && !first);
  // No deviation of pixels is below zero.
  const isTurned = value !== undefined && value < 0 && (operator === "Mul" || operator === "Div");
  if (value !== undefined && !(isImages && isLinear && !isTurned)) {
    const g = first ? (x: number) => f(value, x) : (x: number) => f(x, value);
    return applied(
      view,
      g,
      node.operator,
      node,
      first ? leastBehind(operator, value, view) : leastOf(operator, value, view),
    );
  }
  if (!isLinear) return node.refuse(`${operator} with a number for each channel is none of heddle's layers`);
  const along = shape.flatMap((length, axis) => (length > 1 ? [axis] : []));
  if (along.length > 1 || along[0] === 0)
    return node.refuse(
      `a constant [${other.dims.join(", ")}] differs from pixel to pixel, where heddle has a number for each channel`,
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

/** The same where the number comes first. */
const leastBehind = (operator: Pair, value: number, view: View): number =>
  operator === "Div" || operator === "Pow" ? none : leastOf(operator, value, view);

/** What no value is below behind an operator with one number. */
function leastOf(operator: Pair, value: number, { least }: View): number {
  if (operator === "Mul" && value > 0) return least * value;
  if (operator === "Div" && value > 0) return least / value;
  if (operator === "Max") return Math.max(least, value);
  if (operator === "Add") return least + value;
  if (operator === "Pow" && value % 2 === 0) return 0;
  return none;
}
