import type { GraphProto } from "onnx-buf";
import { HeddleError } from "../../core/errors.js";
import { gru } from "../../core/layers/index.js";
import { type Constant, constant, expanded, sizeOf, uniformValue } from "../constant.js";
import { functions } from "../expression.js";
import { Importer } from "../importer.js";
import { draftOf, inOrder, weightsOf } from "../layout.js";
import { NodeReader } from "../node-reader.js";
import { settled } from "../settle.js";
import { take } from "../take.js";
import { type Atom, atomsOf, type Draft, isAlone, lengthOf, type Value, type View } from "../view.js";
import type { Operator, Operators } from "./operator.js";

/** More than these are no GRU's. */
const mostUnits = 65_536;

/** What a loop's states are from the start. */
interface States {
  /** The place of the one that begins with zeros for each image. */
  readonly hidden: number;
  readonly first: readonly Constant[];
}

interface Checked {
  readonly count: number;
  readonly weights: Weights;
  values(name: string): Constant;
}

/** How a loop's body reads its sequence. */
interface Reading {
  readonly sequence: View;
  /** What one step of it is called in the body. */
  readonly step: string;
}

interface Weights {
  readonly kernel: Float32Array;
  readonly recurrentKernel: Float32Array;
  readonly bias: Float32Array;
  readonly recurrentBias: Float32Array;
}

/**
 * Loop, as Keras' GRU is written: over the steps of a sequence, from zeros. The body is run on made-up numbers, and taken
 * where it gives what a GRU of its weights gives.
 *
 * @param operators that its body is of
 */
export const loop =
  (operators: () => Operators): Operator =>
  (node) => {
    const body = node.graph("body") ?? node.refuse("it has no body");
    try {
      return gruOf(node, body, operators());
    } catch (cause) {
      if (!(cause instanceof HeddleError)) throw cause;
      return node.refuse(
        "it is a loop, of which heddle takes those alone that are a GRU over a sequence from zeros, the reset gate behind " +
          "the product (reset_after)",
        cause,
      );
    }
  };

function gruOf(node: NodeReader, body: GraphProto, operators: Operators): readonly (Value | undefined)[] {
  const states = statesOf(node, body);
  const reading = readingOf(node, body);
  const { sequence } = reading;
  const [steps, , features] = sequence.dims;
  const count = lengthOf(steps);
  if (uniformValue(node.constant(0, "steps")) !== count || uniformValue(node.constant(1, "condition")) !== 1)
    return node.refuse("it ends before its sequence does");
  const units = states.first[states.hidden].dims[1];
  const run = (at: number, x: Float32Array, h: Float32Array) =>
    runBody({ node, body, operators, states, reading, at, x, h });
  let weights: Weights | undefined;
  // The counter's first, a middle and the last place that another step follows.
  for (const at of new Set([0, Math.floor(count / 2), Math.max(count - 2, 0)])) {
    const x = probe(lengthOf(features), at + 1);
    const h = probe(units, at + 2);
    const values = run(at, x, h);
    weights ??= weightsFrom(body, reading, body.input[2 + states.hidden].name, units, values, node);
    checkStep(node, body, states, { at, count, x, h, weights, values });
  }
  const order = inOrder(sequence, [0, 2], node);
  const made = (returnSequences: boolean): Draft =>
    draftOf(() => gru({ units, returnSequences }), [order], node, { ...weights! });
  const [stepsOut] = steps.length <= 1 ? [steps] : atomsOf([count]);
  return outputsOf(node, body, states, stepsOut, units, made);
}

function outputsOf(
  node: NodeReader,
  body: GraphProto,
  { first, hidden }: States,
  steps: readonly Atom[],
  units: number,
  made: (returnSequences: boolean) => Draft,
): readonly (Value | undefined)[] {
  const [unitAxis] = atomsOf([units]);
  const common = { kind: "view", least: Number.NEGATIVE_INFINITY, sole: true } as const;
  return body.output.slice(1).map((_, index) => {
    if (index === hidden)
      return { ...common, draft: made(false), axes: unitAxis, dims: [[node.batch], unitAxis] };
    if (index < first.length) return undefined;
    const ofEach = made(true);
    return {
      ...common,
      draft: ofEach,
      axes: [...steps, ...unitAxis],
      dims: [steps, [node.batch], unitAxis],
      lastStep: { of: ofEach, make: () => made(false) },
    };
  });
}

function statesOf(node: NodeReader, body: GraphProto): States {
  const first = Array.from({ length: node.inputs - 2 }, (_, index) =>
    node.constant(index + 2, "first states"),
  );
  if (body.input.length !== first.length + 2 || body.output.length <= first.length)
    return node.refuse("its body has another number of states");
  const hidden = first.findIndex(({ dims }) => dims.length === 2 && dims[0] === node.batch.size);
  if (hidden < 0 || uniformValue(first[hidden]) !== 0 || first[hidden].dims[1] > mostUnits)
    return node.refuse("no state of it begins with zeros for each image");
  return { hidden, first };
}

/** The node of the body that takes a step of the sequence. */
function readingOf(node: NodeReader, body: GraphProto): Reading {
  for (const { opType, input, output } of body.node) {
    if (opType !== "Gather" || !node.importer.has(input[0])) continue;
    const sequence = node.named(input[0]);
    if (sequence.kind === "view" && sequence.dims.length === 3 && isAlone(sequence.dims[1], node.batch))
      return { sequence: settled(sequence, node), step: output[0] };
  }
  return node.refuse("it reads no sequence step by step");
}

interface Run extends Probe {
  readonly node: NodeReader;
  readonly body: GraphProto;
  readonly operators: Operators;
  readonly states: States;
  readonly reading: Reading;
}

interface Probe {
  readonly at: number;
  readonly x: Float32Array;
  readonly h: Float32Array;
}

/** What a body makes of one step, by the names of its tensors. */
function runBody({ node, body, operators, states, reading, at, x, h }: Run): (name: string) => Constant {
  const tensors = new Map(body.initializer.map((tensor) => [tensor.name, tensor]));
  const inner = new Importer(node.importer.source, [1, 1, 1], 1, tensors, new Map());
  const row = (values: Float32Array) => constant([1, values.length], values, false);
  const place = constant([], Float64Array.of(at), true);
  const [counter, condition, ...inputs] = body.input.map(({ name }) => name);
  inner.give(counter, place);
  inner.give(condition, constant([], Float64Array.of(1), true));
  states.first.forEach((first, index) => {
    inner.give(inputs[index], index === states.hidden ? row(h) : isCounterFrom(first) ? place : first);
  });
  const made = new Set(body.node.flatMap(({ output }) => output));
  for (const each of body.node) {
    const reader = new NodeReader(each, node.opset, inner);
    if (each.output[0] === reading.step) {
      if (uniformValue(reader.constant(1, "places")) !== at || reader.int("axis", 0) !== 0)
        node.refuse("its steps are not those of its sequence in their order");
      inner.give(reading.step, row(x));
      continue;
    }
    for (const name of each.input) {
      if (name === "" || made.has(name) || inner.has(name)) continue;
      const outside = node.importer.value(name, node);
      if (outside.kind === "view") node.refuse("its body reads more than one step of a sequence");
      inner.give(name, outside);
    }
    take(reader, operators);
  }
  const last = new NodeReader(body.node[body.node.length - 1], node.opset, inner);
  return (name) => {
    const value = inner.value(name, last);
    return value.kind === "constant" ? value : node.refuse("its body reads the images");
  };
}

/** What the products of a body with a step and with the state are made with. */
function weightsFrom(
  body: GraphProto,
  { step }: Reading,
  state: string,
  units: number,
  values: (name: string) => Constant,
  node: NodeReader,
): Weights {
  const productWith = (name: string) => {
    const product = body.node.find(({ opType, input }) => opType === "MatMul" && input[0] === name);
    if (!product) return node.refuse("its body multiplies no weights with its step or its state");
    const kernel = values(product.input[1]);
    const added = body.node.find(
      ({ opType, input }) => opType === "Add" && input.includes(product.output[0]),
    );
    const shift = added && values(added.input[added.input[0] === product.output[0] ? 1 : 0]);
    const isBias = shift && sizeOf(shift.dims) === 3 * units;
    if (kernel.dims.length !== 2 || kernel.dims[1] !== 3 * units)
      return node.refuse("its weights are not those of three gates");
    const bias = isBias ? weightsOf(shift, node) : new Float32Array(3 * units);
    return { kernel: weightsOf(kernel, node), bias };
  };
  const [ofStep, ofState] = [step, state].map(productWith);
  return {
    kernel: ofStep.kernel,
    recurrentKernel: ofState.kernel,
    bias: ofStep.bias,
    recurrentBias: ofState.bias,
  };
}

/** @throws HeddleError where a body's step is not that of a GRU with these weights, or leads to another than the next */
function checkStep(
  node: NodeReader,
  body: GraphProto,
  { first, hidden }: States,
  { at, count, x, h, weights, values }: Probe & Checked,
): void {
  const [condition, ...outputs] = body.output.map(({ name }) => name);
  if (at < count - 1 && uniformValue(values(condition)) !== 1)
    node.refuse("it ends before its sequence does");
  const wanted = stepOf(weights, x, h);
  outputs.forEach((name, index) => {
    const given = expanded(values(name));
    const before = index === hidden ? undefined : first[index];
    if (!before) {
      const isIt =
        given.length === wanted.length && wanted.every((each, unit) => Math.abs(given[unit] - each) < 1e-4);
      if (!isIt) node.refuse("its step is not that of a GRU");
      return;
    }
    const isCounter = isCounterFrom(before) && given.length === 1 && given[0] === at + 1;
    const old = expanded(before);
    if (!isCounter && !(given.length === old.length && given.every((each, place) => each === old[place])))
      node.refuse("it changes what its steps share");
  });
}

/** h' = z h + (1 − z) tanh(x K + b + r (h R + c)), z and r the sigmoids of their own columns of the same. */
function stepOf({ kernel, recurrentKernel, bias, recurrentBias }: Weights, x: Float32Array, h: Float32Array) {
  const product = (from: Float32Array, matrix: Float32Array, shift: Float32Array): Float64Array =>
    Float64Array.from(shift, (start, column) =>
      from.reduce((sum, each, row) => sum + each * matrix[row * shift.length + column], start),
    );
  const [ours, theirs] = [product(x, kernel, bias), product(h, recurrentKernel, recurrentBias)];
  const units = h.length;
  return Array.from(h, (before, unit) => {
    const [z, r] = [unit, unit + units].map((column) => functions.sigmoid(ours[column] + theirs[column]));
    const candidate = Math.tanh(ours[unit + 2 * units] + r * theirs[unit + 2 * units]);
    return z * before + (1 - z) * candidate;
  });
}

const isCounterFrom = ({ whole, dims, values }: Constant): boolean =>
  whole && dims.length === 0 && values[0] === 0;

const probe = (length: number, by: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => Math.sin(by * (index + 1) ** 2));
