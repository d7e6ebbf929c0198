import { batchNorm, layerNorm } from "../../core/layers/index.js";
import { draftOf, reshaped, weightsOf } from "../layout.js";
import type { NodeReader } from "../node-reader.js";
import { type Atom, lengthOf, orderBetween, type View } from "../view.js";
import type { Operator } from "./operator.js";

/** BatchNormalization in inference: y = γ · (x − μ) / √(σ² + ε) + β of each channel. */
export const batchNormalization: Operator = (node) => {
  if (node.int("spatial", 1) !== 1) return node.refuse("it normalizes each pixel by itself (spatial = 0)");
  if (node.outputs.slice(1).some((name) => name !== "" && node.importer.readers.has(name)))
    return node.refuse("what it measures in training is read by another node");
  if (node.int("training_mode", 0) === 1)
    node.note("a batch normalization that was left in training is taken with its running statistics");
  const view = node.view(0);
  const { place, channels } = channelsOf(view, 1, node);
  const epsilon = positive(node, node.float("epsilon", 1e-5));
  const momentum = node.float("momentum", 0.9);
  const parts = ["scale", "bias", "mean", "variance"].map((part, index) => {
    const values = weightsOf(node.constant(index + 1, part), node);
    if (values.length !== channels)
      return node.refuse(`its ${part} has ${values.length} numbers for ${channels} channels`);
    return place(values);
  });
  const [gamma, beta, runningMean, runningVariance] = parts;
  const kept = momentum >= 0 && momentum < 1 ? momentum : 0.9;
  const before = reshaped(view.draft, [...leadOf(view, channels), channels], node);
  const made = draftOf(() => batchNorm({ epsilon, momentum: kept }), [before], node, {
    gamma,
    beta,
    runningMean,
    runningVariance,
  });
  return plain(view, reshaped(made, view.draft.shape, node));
};

/** LayerNormalization over the last axis, or those that heddle has as its last. */
export const layerNormalization: Operator = (node) => {
  const view = node.view(0);
  const rank = view.dims.length;
  const axis = node.axis(node.int("axis", -1), rank);
  if (axis < 1 || view.dims.slice(axis + 1).some((atoms) => atoms.length > 0))
    return node.refuse(
      "it normalizes over several axes, where heddle's layerNorm does so over the channels alone",
    );
  const { place, channels } = channelsOf(view, axis, node);
  node.int("stash_type", 1);
  node.count(8 * channels);
  const epsilon = positive(node, node.float("epsilon", 1e-5));
  const of = (index: number, usual: number): Float32Array => {
    if (!node.has(index)) return new Float32Array(channels).fill(usual);
    const values = weightsOf(node.constant(index, index === 1 ? "scale" : "bias"), node);
    if (values.length !== channels)
      return node.refuse(`it has ${values.length} numbers for ${channels} channels`);
    return place(values);
  };
  const before = reshaped(view.draft, [...leadOf(view, channels), channels], node);
  const made = draftOf(() => layerNorm({ epsilon }), [before], node, { gamma: of(1, 1), beta: of(2, 0) });
  return plain(view, reshaped(made, view.draft.shape, node));
};

const plain = (view: View, draft: View["draft"]): View => ({
  ...view,
  draft,
  least: Number.NEGATIVE_INFINITY,
  sole: true,
});

function positive(node: NodeReader, epsilon: number): number {
  return epsilon >= 1e-30
    ? epsilon
    : node.refuse(`its epsilon is ${epsilon}, where heddle takes one of 1e-30 or more`);
}

/** The shape before the channels as the draft has it, or as one axis where its last is not the channels. */
function leadOf({ draft: { shape } }: View, channels: number): readonly number[] {
  const last = shape[shape.length - 1];
  if (last === channels) return shape.slice(0, -1);
  const lead = shape.reduce((size, length) => size * length, 1) / channels;
  return lead === 1 ? [] : [lead];
}

/** An axis of the file as heddle's channels, and how its numbers come to their places there. */
function channelsOf(view: View, axis: number, node: NodeReader) {
  const atoms: readonly Atom[] = view.dims[axis] ?? node.refuse("its input has no axis of channels");
  const trail = view.axes.slice(view.axes.length - atoms.length);
  const places = orderBetween(trail, atoms);
  if (!places)
    return node.refuse("the axis that it normalizes is not the one that heddle computes as channels");
  const place = (values: Float32Array): Float32Array => {
    const placed = new Float32Array(values.length);
    for (let index = 0; index < values.length; index++) placed[places[index]] = values[index];
    return placed;
  };
  return { place, channels: lengthOf(atoms) };
}
