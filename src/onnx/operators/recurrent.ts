import { bilstm, gru, lstm } from "../../core/layers/index.js";
import { type Constant, uniformValue } from "../constant.js";
import { draftOf, inOrder, weightsOf } from "../layout.js";
import type { NodeReader } from "../node-reader.js";
import { type Atom, atomsOf, type Draft, isAlone, lengthOf, type Value, type View } from "../view.js";
import type { Operator } from "./operator.js";

/** The blocks of rows that ONNX has for each gate, in heddle's order of columns: its i, o, f, c are our i, f, g, o. */
const gates = { LSTM: [0, 2, 3, 1], GRU: [0, 1, 2] } as const;

/** How the inputs and weights of a recurrent node lie. */
interface Recurrence {
  readonly type: keyof typeof gates;
  readonly directions: number;
  readonly units: number;
  readonly features: number;
  /** The sequence [steps, features]. */
  readonly sequence: Draft;
  readonly steps: readonly Atom[];
}

/** LSTM and GRU over sequences [T, N, F] that begin from zeros, one direction or, of an LSTM, both. */
export const recurrent =
  (type: keyof typeof gates): Operator =>
  (node) => {
    refuseVariants(node, type);
    const shape = recurrenceOf(node, type);
    const kernels = Array.from({ length: shape.directions }, (_, direction) =>
      weightsOfDirection(node, shape, direction),
    );
    const weights = shape.directions === 1 ? kernels[0] : bothWays(kernels);
    const { units, sequence } = shape;
    const make = shape.directions === 2 ? bilstm : type === "LSTM" ? lstm : gru;
    const made = (returnSequences: boolean): Draft =>
      draftOf(() => make({ units, returnSequences }), [sequence], node, weights);
    return outputsOf(node, shape, made);
  };

/** Y [T, directions, N, units] of every step and Y_h [directions, N, units] of the last one; what an LSTM's cells hold is not given. */
function outputsOf(
  node: NodeReader,
  { directions, units, steps }: Recurrence,
  made: (returnSequences: boolean) => Draft,
): readonly (Value | undefined)[] {
  const [unitAxis] = atomsOf([units]);
  const [directionAxis] = atomsOf([directions]);
  const lead = [...directionAxis, ...unitAxis];
  const batch = [node.batch];
  const common = { kind: "view", least: Number.NEGATIVE_INFINITY, sole: true } as const;
  const ofEach = made(true);
  const every: View = {
    ...common,
    draft: ofEach,
    axes: [...steps, ...lead],
    dims:
      node.int("layout", 0) === 1
        ? [batch, steps, directionAxis, unitAxis]
        : [steps, directionAxis, batch, unitAxis],
    // The last step of what reads backwards is its first output.
    ...(directions === 1 && { lastStep: { of: ofEach, make: () => made(false) } }),
  };
  const last: View = {
    ...common,
    draft: made(false),
    axes: lead,
    dims: node.int("layout", 0) === 1 ? [batch, directionAxis, unitAxis] : [directionAxis, batch, unitAxis],
  };
  return [every, last];
}

function refuseVariants(node: NodeReader, type: keyof typeof gates): void {
  const direction = node.text("direction", "forward");
  if (direction === "reverse") node.refuse("it reads sequences backwards alone");
  if (direction === "bidirectional" && type === "GRU") node.refuse("it is a GRU in both directions");
  const usual = type === "LSTM" ? ["Sigmoid", "Tanh", "Tanh"] : ["Sigmoid", "Tanh"];
  const activations = node.strings("activations") ?? [];
  if (activations.some((name, index) => name.toLowerCase() !== usual[index % usual.length].toLowerCase()))
    node.refuse(`its activations are ${activations.join(", ")}, where heddle has ${usual.join(", ")}`);
  if (node.floats("activation_alpha")?.length || node.floats("activation_beta")?.length)
    node.refuse("its activations have parameters of their own");
  if (node.float("clip", 0) > 0) node.refuse("it clips its gates");
  if (type === "LSTM" && node.int("input_forget", 0) !== 0)
    node.refuse("it couples its input and forget gates");
  if (type === "GRU" && node.int("linear_before_reset", 0) === 0)
    node.refuse(
      "its reset gate weighs the state before the product (linear_before_reset = 0), where heddle's weighs the product",
    );
  if (node.has(7)) node.refuse("it has peepholes");
  node.int("output_sequence", 0);
  for (const index of [5, 6]) {
    if (!node.has(index)) continue;
    const state = node.value(index);
    if (state.kind !== "constant" || uniformValue(state) !== 0)
      node.refuse("it begins from states of its own, where heddle begins from zeros");
  }
}

function recurrenceOf(node: NodeReader, type: keyof typeof gates): Recurrence {
  const view = node.view(0);
  const { dims } = node.constant(1, "weights");
  const [batchAxis, stepAxis] = node.int("layout", 0) === 1 ? [0, 1] : [1, 0];
  const isSequence = view.dims.length === 3 && isAlone(view.dims[batchAxis], node.batch);
  if (!isSequence || dims.length !== 3) return node.refuse("it takes sequences [T, N, F]");
  const steps = view.dims[stepAxis];
  const count = lengthOf(steps);
  if (node.has(4) && uniformValue(node.constant(4, "lengths")) !== count)
    node.refuse("its sequences have different lengths");
  const [directions, rows, features] = dims;
  const units = rows / gates[type].length;
  const hidden = node.int("hidden_size", units);
  const wanted = node.text("direction", "forward") === "bidirectional" ? 2 : 1;
  if (
    hidden !== units ||
    !Number.isInteger(units) ||
    directions !== wanted ||
    features !== lengthOf(view.dims[2])
  )
    return node.refuse(
      `its weights [${dims.join(", ")}] don't fit ${hidden} units and ${lengthOf(view.dims[2])} features`,
    );
  const sequence = inOrder(view, [stepAxis, 2], node);
  // The axes of what comes out are told by what went in, where that has them as one.
  const [stepsOut] = steps.length <= 1 ? [steps] : atomsOf([count]);
  return { type, directions, units, features, sequence, steps: stepsOut };
}

/** The tensors of one direction, each gate's block at its place. */
function weightsOfDirection(
  node: NodeReader,
  { type, units, features, directions }: Recurrence,
  direction: number,
): Draft["weights"] {
  const order = gates[type];
  const rows = order.length * units;
  const part = (constant: Constant, columns: number): Float32Array => {
    const values = weightsOf(constant, node);
    if (values.length !== directions * rows * columns)
      return node.refuse(`weights [${constant.dims.join(", ")}] are not for ${units} units`);
    return values.subarray(direction * rows * columns, (direction + 1) * rows * columns);
  };
  const kernel = columnsOfGates(part(node.constant(1, "weights"), features), features, units, order);
  const recurrentKernel = columnsOfGates(
    part(node.constant(2, "recurrent weights"), units),
    units,
    units,
    order,
  );
  const both = node.has(3) ? part(node.constant(3, "biases"), 2) : new Float32Array(2 * rows);
  const [bias, recurrentBias] = [0, 1].map((half) =>
    columnsOfGates(both.subarray(half * rows, (half + 1) * rows), 1, units, order),
  );
  if (type === "GRU") return { kernel, recurrentKernel, bias, recurrentBias };
  return { kernel, recurrentKernel, bias: bias.map((value, index) => value + recurrentBias[index]) };
}

/** [gates · units, inputs] as [inputs, gates · units], the gates in another order. */
function columnsOfGates(
  values: Float32Array,
  inputs: number,
  units: number,
  order: readonly number[],
): Float32Array {
  const turned = new Float32Array(values.length);
  const columns = order.length * units;
  order.forEach((from, to) => {
    for (let unit = 0; unit < units; unit++)
      for (let input = 0; input < inputs; input++)
        turned[input * columns + to * units + unit] = values[(from * units + unit) * inputs + input];
  });
  return turned;
}

const bothWays = ([forward, backward]: readonly Draft["weights"][]): Draft["weights"] =>
  Object.fromEntries(
    [
      ["forward", forward],
      ["backward", backward],
    ].flatMap(([way, weights]) =>
      Object.entries(weights).map(([name, values]) => [`${way}.${name}`, values as Float32Array]),
    ),
  );
