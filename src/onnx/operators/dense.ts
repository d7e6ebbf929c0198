import { conv2d, dense } from "../../core/layers/index.js";
import { type Constant, transposed } from "../constant.js";
import { multiplied } from "../fold.js";
import { draftOf, reshaped, weightsOf } from "../layout.js";
import type { NodeReader } from "../node-reader.js";
import { scaledAndShifted } from "../per-channel.js";
import { lengthOf, orderBetween, sameAtoms, type View } from "../view.js";
import type { Operator } from "./operator.js";

/** Gemm: y = α · x · W + β · b. */
export const gemm: Operator = (node) => {
  if (node.int("transA", 0) !== 0) return node.refuse("it transposes its first input");
  if (node.isConstant(0)) return node.refuse("its first input is a constant");
  const given = node.constant(1, "weights");
  node.int("broadcast", 0);
  const alpha = node.float("alpha", 1);
  const beta = node.float("beta", 1);
  const isTurned = node.int("transB", 0) !== 0;
  const weights = isTurned ? { ...given, ...transposed(given.dims, given.values, [1, 0]) } : given;
  const made = product(node, node.view(0), weights);
  const shift = node.has(2) && beta !== 0 ? biasOf(node, weights.dims[1], beta) : undefined;
  if (alpha === 1 && !shift) return made;
  return scaledAndShifted(made, made.dims.length - 1, { factor: [alpha], ...(shift && { shift }) }, node);
};

function biasOf(node: NodeReader, units: number, beta: number): Float32Array {
  const bias = node.constant(2, "bias");
  if (bias.dims.slice(0, -1).some((length) => length !== 1))
    return node.refuse(`its bias is [${bias.dims.join(", ")}], which differs from image to image`);
  const values = weightsOf(bias, node);
  if (values.length !== 1 && values.length !== units)
    return node.refuse(`its bias has ${values.length} numbers for ${units} units`);
  return values.map((value) => value * beta);
}

/** MatMul of what comes of the images with weights. */
export const matMul: Operator = (node) => {
  const [first, second] = [node.value(0), node.value(1)];
  if (first.kind === "constant" && second.kind === "constant") return multiplied(first, second, node);
  if (!node.isConstant(1)) return node.refuse("it multiplies two tensors that both depend on the images");
  if (node.isConstant(0))
    return node.refuse("its weights come first, where heddle has them as the second factor");
  return product(node, node.view(0), node.constant(1, "weights"));
};

/** x · W over the last axis: a dense layer, or of several steps or pixels a 1 × 1 convolution. */
function product(node: NodeReader, view: View, weights: Constant): View {
  const { dims } = weights;
  const atoms = view.dims[view.dims.length - 1];
  const inputs = lengthOf(atoms);
  if (dims.length !== 2 || dims[0] !== inputs || view.dims.length < 2 || atoms.includes(node.batch))
    return node.refuse(`weights [${dims.join(", ")}] don't fit ${inputs} features of images`);
  const units = dims[1];
  const trail = view.axes.slice(view.axes.length - atoms.length);
  const places = orderBetween(trail, atoms);
  if (!places)
    return node.refuse(
      "it sums over an axis that is not the one that heddle computes as channels or features",
    );
  const kernel = rowsInPlace(weightsOf(weights, node), sameAtoms(trail, atoms) ? undefined : places, units);
  const lead = view.axes.slice(0, view.axes.length - atoms.length);
  const output = units === 1 ? [] : [{ size: units }];
  const read = lead.length === 0 ? [inputs] : [lengthOf(lead), 1, inputs];
  const before = reshaped(view.draft, read, node);
  const layer = () =>
    lead.length === 0
      ? dense({ units, useBias: false })
      : conv2d({ filters: units, kernelSize: 1, useBias: false });
  return {
    kind: "view",
    draft: draftOf(layer, [before], node, { kernel }),
    axes: [...lead, ...output],
    dims: [...view.dims.slice(0, -1), output],
    least: Number.NEGATIVE_INFINITY,
    sole: true,
  };
}

/** Rows of a kernel [inputs, units], each at its place. */
function rowsInPlace(data: Float32Array, places: Uint32Array | undefined, units: number): Float32Array {
  if (!places) return data;
  const placed = new Float32Array(data.length);
  for (let row = 0; row < places.length; row++)
    placed.set(data.subarray(row * units, (row + 1) * units), places[row] * units);
  return placed;
}
