import { HeddleError } from "../core/errors.js";
import { conv2d, type Layer, reshape } from "../core/layers/index.js";
import type { Shape } from "../core/layers/layer.js";
import { shapeSize, shapeText } from "../core/layers/shape.js";
import { type Constant, expanded, sizeOf } from "./constant.js";
import type { NodeContext } from "./node-context.js";
import { nodeName } from "./node-name.js";
import { atomsOf, type Draft, lengthOf, orderBetween, sameAtoms, type View } from "./view.js";

/** Of one image, between two layers: a gibibyte of them. */
const mostValues = 2 ** 28;

/** A layer of the graph to be. @throws HeddleError naming the node, where the layer can't take its inputs */
export function draftOf(
  make: () => Layer,
  inputs: readonly Draft[],
  context: NodeContext,
  weights: Draft["weights"] = {},
): Draft {
  try {
    const layer = make();
    const shape = layer.outputShape(...inputs.map((input) => input.shape));
    if (shapeSize(shape) > mostValues)
      return context.refuse(`it gives ${shapeText(shape)} for each image, more than memory could hold`);
    return { layer, inputs, shape, weights, name: nameFor(context) };
  } catch (cause) {
    if (cause instanceof HeddleError) return context.refuse(cause.message.replace(/\.$/, ""), cause);
    throw cause;
  }
}

/** A view of a layer's output: for each ONNX axis behind the batch's one of its own, or none for a length of 1. */
export function viewOf(
  draft: Draft,
  order: readonly (number | undefined)[],
  context: NodeContext,
  least = Number.NEGATIVE_INFINITY,
): View {
  const atoms = atomsOf(draft.shape);
  const dims = order.map((axis) => (axis === undefined ? [] : atoms[axis]));
  return {
    kind: "view",
    draft,
    axes: atoms.flat(),
    dims: [[context.batch], ...dims],
    least,
    sole: true,
  };
}

/** [N, C, H, W] of [H, W, C]. */
export const imageView = (draft: Draft, context: NodeContext, least?: number): View =>
  viewOf(draft, [2, 0, 1], context, least);

export const lengths = ({ dims }: View): readonly number[] => dims.map(lengthOf);

/** An image [H, W, C] of what the file has as [N, C, H, W]. */
export function imageOf(view: View, context: NodeContext): Draft {
  if (view.dims.length !== 4 || !sameAtoms(view.dims[0], [context.batch]))
    return context.refuse(`it takes images [N, C, H, W] here, but its input is ${dimsText(view, context)}`);
  return inOrder(view, [2, 3, 1], context);
}

/** Whether an axis is the batch's alone. */
export const isBatch = (view: View, axis: number, context: NodeContext): boolean =>
  sameAtoms(view.dims[axis], [context.batch]);

export function dimsText({ dims }: View, context: NodeContext): string {
  const { batch } = context;
  const words = dims.map((atoms) => {
    const rest = lengthOf(atoms.filter((atom) => atom !== batch));
    return atoms.includes(batch) ? (rest === 1 ? "N" : `N · ${rest}`) : String(rest);
  });
  return `[${words.join(", ")}]`;
}

/**
 * What heddle computes with its axes as some of the file's, in this order: a reshape where axes only join or part, a
 * convolution of ones and zeros where channels change places.
 *
 * @throws HeddleError where it would have to be transposed
 */
export function inOrder(view: View, order: readonly number[], context: NodeContext): Draft {
  const wanted = order.flatMap((axis) => view.dims[axis]);
  const shape = order.map((axis) => lengthOf(view.dims[axis]));
  if (sameAtoms(view.axes, wanted)) return reshaped(view.draft, shape, context);
  const last = view.dims[order[order.length - 1]];
  const lead = wanted.slice(0, wanted.length - last.length);
  const trail = view.axes.slice(lead.length);
  const places = sameAtoms(view.axes.slice(0, lead.length), lead) ? orderBetween(trail, last) : undefined;
  if (!places)
    return context.refuse(
      `its input ${dimsText(view, context)} lies in another order than heddle computes it in, ${shapeText(view.draft.shape)}, ` +
        "and none of heddle's layers transposes",
    );
  const pixels = reshaped(view.draft, [lengthOf(lead), 1, lengthOf(trail)], context);
  return reshaped(selected(pixels, places, context), shape, context);
}

export function reshaped(draft: Draft, shape: Shape, context: NodeContext): Draft {
  if (shapeText(draft.shape) === shapeText(shape)) return draft;
  // One reshape behind another is the second alone.
  const from = draft.layer?.type === "reshape" ? draft.inputs[0] : draft;
  if (shapeText(from.shape) === shapeText(shape)) return from;
  const made = draftOf(() => reshape({ targetShape: shape }), [from], context);
  return { ...made, name: "" };
}

/** The channels of these places, in this order: a convolution of ones and zeros, which is exact. */
export function selected(draft: Draft, places: ArrayLike<number>, context: NodeContext): Draft {
  const channels = draft.shape[draft.shape.length - 1];
  const filters = places.length;
  context.count(4 * channels * filters);
  const kernel = new Float32Array(channels * filters);
  for (let filter = 0; filter < filters; filter++) kernel[places[filter] * filters + filter] = 1;
  context.note(
    "channels are chosen, or change places, by convolutions of ones and zeros that training leaves alone",
  );
  const options = { filters, kernelSize: 1, useBias: false, trainable: false };
  return draftOf(() => conv2d(options), [draft], context, { kernel });
}

/** Values of a constant for weights. @throws HeddleError where the file only describes more of them than it may */
export function weightsOf(constant: Constant, context: NodeContext): Float32Array {
  const size = sizeOf(constant.dims);
  if (constant.values.length < size) context.count(4 * size);
  const values = expanded(constant);
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

const weightEndings = new Set(["weight", "kernel", "gamma", "scale"]);

/** What a layer may be called of what its weights or its node are called: `features.0.weight` gives `features_0`. */
function nameFor({ node }: NodeContext): string {
  const [, before, ending = ""] = /^(.*)[./](.*)$/su.exec(node.input[1] ?? "") ?? [];
  const stem =
    before !== undefined && weightEndings.has(ending) && /[A-Za-z]/u.test(before) ? before : undefined;
  const name = stem ?? nodeName(node).replace(/\/[A-Za-z]+(_\d+)?$/, "");
  return name.replace(/[^A-Za-z0-9_-]+/g, "_").replace(/^_+|_+$/g, "");
}
