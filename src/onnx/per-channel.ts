import { depthwiseConv2d, layerFromConfig } from "../core/layers/index.js";
import { draftOf, reshaped } from "./layout.js";
import type { NodeContext } from "./node-context.js";
import { type Draft, lengthOf, orderBetween, type View } from "./view.js";

/** A number for each channel, or one for all. */
export interface PerChannel {
  readonly factor?: ArrayLike<number>;
  readonly shift?: ArrayLike<number>;
}

/**
 * x · factor + shift of each channel: of the images part of how they enter, else folded into the layer before where
 * nothing else reads it, or a convolution of each channel by itself.
 *
 * @param axis the file's axis of the channels; of no matter where one number is for all
 * @throws HeddleError where that is not the axis of heddle's channels
 */
export function scaledAndShifted(
  view: View,
  axis: number | undefined,
  { factor = [1], shift = [0] }: PerChannel,
  context: NodeContext,
): View {
  const { draft } = view;
  const channels = draft.shape[draft.shape.length - 1];
  const places = placesOf(view, axis, Math.max(factor.length, shift.length), channels, context);
  context.count(8 * channels);
  const inPlace = (values: ArrayLike<number>): Float32Array => {
    const placed = new Float32Array(channels);
    if (values.length === 1) return placed.fill(values[0]);
    for (let index = 0; index < channels; index++) placed[places ? places[index] : index] = values[index];
    return placed;
  };
  const made = onChannels(view, inPlace(factor), inPlace(shift), context);
  return { ...view, draft: made, least: Number.NEGATIVE_INFINITY, sole: made !== draft || view.sole };
}

/** For each channel of the file its place in heddle's. */
function placesOf(
  view: View,
  axis: number | undefined,
  count: number,
  channels: number,
  context: NodeContext,
): Uint32Array | undefined {
  if (count === 1) return undefined;
  const atoms = view.dims[axis ?? 0];
  const trail = view.axes.slice(view.axes.length - atoms.length);
  const places = axis !== undefined && lengthOf(atoms) === channels ? orderBetween(trail, atoms) : undefined;
  return (
    places ??
    context.refuse(
      `a constant of ${count} numbers does not lie along the channels, of which heddle has ${channels} there`,
    )
  );
}

function onChannels(view: View, factor: Float32Array, shift: Float32Array, context: NodeContext): Draft {
  const { draft } = view;
  if (draft.affine) {
    const { scale, shift: before } = draft.affine;
    return {
      ...draft,
      affine: {
        scale: scale.map((each, channel) => each * factor[channel]),
        shift: before.map((each, channel) => each * factor[channel] + shift[channel]),
      },
    };
  }
  if (view.sole && fold(draft, factor, shift)) return draft;
  const channels = factor.length;
  const pixels = reshaped(draft, [draft.shape.slice(0, -1).reduce((a, b) => a * b, 1), 1, channels], context);
  const made = draftOf(() => depthwiseConv2d({ kernelSize: 1 }), [pixels], context, {
    kernel: factor,
    bias: shift,
  });
  return reshaped(made, draft.shape, context);
}

/** Whether a layer took a factor and a shift of its outputs into its weights. */
function fold(draft: Draft, factor: Float32Array, shift: Float32Array): boolean {
  const { layer, weights } = draft;
  const channels = factor.length;
  if (!layer) return false;
  if (layer.type === "reshape") {
    const [input] = draft.inputs;
    return input.shape[input.shape.length - 1] === channels && fold(input, factor, shift);
  }
  const shifted = (values: Float32Array | undefined) =>
    shift.map((each, channel) => (values?.[channel] ?? 0) * factor[channel] + each);
  if (layer.type === "batchNorm" || layer.type === "layerNorm") {
    const gamma = weights.gamma.map((value, channel) => value * factor[channel]);
    draft.weights = { ...weights, gamma, beta: shifted(weights.beta) };
    return true;
  }
  const isProduct = layer.type === "conv2d" || layer.type === "depthwiseConv2d" || layer.type === "dense";
  if (!isProduct || !layer.trainable) return false;
  const config = layer.config();
  const kernel = factor.every((value) => value === 1)
    ? weights.kernel
    : weights.kernel.map((value, index) => value * factor[index % channels]);
  const bias = shifted(weights.bias);
  const needsBias = weights.bias !== undefined || bias.some((value) => value !== 0);
  draft.weights = { kernel, ...(needsBias && { bias }) };
  if (needsBias && !weights.bias) draft.layer = layerFromConfig({ ...config, useBias: true });
  return true;
}
