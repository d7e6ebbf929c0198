import { filtersFirst, rowsByChannel } from "../../core/formats/weight-order.js";
import type { ActivationName } from "../../core/layers/layer.js";
import type { LayerTypeName } from "../../core/layers/registry.js";
import { slideWindow2d } from "../../core/layers/window.js";
import { activated } from "./activations.js";
import { asHeddle, asImage } from "./laid-out.js";
import type { LayerContext, WriteLayer } from "./layer-context.js";

type Product = "conv2d" | "depthwiseConv2d" | "dense";

/** A kernel whose last axes are the outputs, and its bias where there is one, a folded normalization in both. */
function weightsOf<Type extends Product>(
  { read, norm, layer }: LayerContext<Type>,
  outputs: number,
): { readonly kernel: Float32Array; readonly bias?: Float32Array } {
  const kernel = read("kernel");
  const bias = layer.options.useBias === false ? undefined : read("bias");
  if (!norm) return { kernel, bias };
  const { scale, shift } = norm;
  return {
    kernel: kernel.map((value, index) => value * scale[index % outputs]),
    bias: Float32Array.from(shift, (value, output) => value + (bias?.[output] ?? 0) * scale[output]),
  };
}

const withBias = <Type extends LayerTypeName>(
  { writer }: LayerContext<Type>,
  bias: Float32Array | undefined,
): readonly string[] => (bias ? [writer.constant("bias", [bias.length], bias)] : []);

function convolution<Type extends "conv2d" | "depthwiseConv2d">(
  context: LayerContext<Type>,
  groups: number,
): ReturnType<WriteLayer<Type>> {
  const { writer, layer, node } = context;
  const { kernelSize, strides, dilation = [1, 1], activation } = layer.options;
  const [input] = node.inputShapes;
  const filters = node.shape[2];
  const { height, width } = slideWindow2d(layer, input, layer.options);
  const { kernel, bias } = weightsOf(context, filters);
  const inputs = input[2] / groups;
  const weights = writer.constant(
    "kernel",
    [filters, inputs, ...kernelSize],
    filtersFirst([...kernelSize, inputs, filters], kernel),
  );
  const image = asImage(writer, context.inputs[0]);
  const output = writer.node("Conv", [image.name, weights, ...withBias(context, bias)], {
    attributes: {
      kernel_shape: kernelSize,
      strides,
      dilations: dilation,
      group: { int: groups },
      pads: [height.before, width.before, height.after, width.after],
    },
  });
  return {
    name: activated(writer, output, activation as ActivationName),
    shape: node.shape,
    image: node.shape,
  };
}

export const conv2d: WriteLayer<"conv2d"> = (context) =>
  convolution(context, context.layer.options.groups ?? 1);

export const depthwiseConv2d: WriteLayer<"depthwiseConv2d"> = (context) =>
  convolution(context, context.node.inputShapes[0][2]);

/** Behind a flatten the rows are turned to where the file has the pixels, in the place of the pixels. */
export const dense: WriteLayer<"dense"> = (context) => {
  const { writer, layer, node, inputs } = context;
  const { units, activation } = layer.options;
  const { kernel, bias } = weightsOf(context, units);
  const value = inputs[0].shape.length === 1 ? inputs[0] : asHeddle(writer, inputs[0]);
  const rows = value.image ? rowsByChannel(value.image, kernel) : kernel;
  const weights = writer.constant("kernel", [node.inputShapes[0][0], units], rows);
  const output = writer.node("Gemm", [value.name, weights, ...withBias(context, bias)]);
  return { name: activated(writer, output, activation), shape: node.shape };
};
