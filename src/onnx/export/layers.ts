import type { Shape } from "../../core/layers/layer.js";
import { wholeOf } from "../../core/layers/multiply.js";
import type { LayerTypeName } from "../../core/layers/registry.js";
import { activated } from "./activations.js";
import type { GraphWriter } from "./graph-writer.js";
import { asHeddle, asImage, asUsual, flattened, type LaidOut, reshape } from "./laid-out.js";
import type { LayerContext, WriteLayer } from "./layer-context.js";
import { batchNorm, layerNorm } from "./norms.js";
import { conv2d, dense, depthwiseConv2d } from "./products.js";
import { bilstm, gru, lstm } from "./recurrent.js";

type Pool = "maxPool2d" | "averagePool2d";

const pool =
  (operator: string) =>
  <Type extends Pool>({ writer, layer, node, inputs }: LayerContext<Type>): LaidOut => {
    const { poolSize, strides } = layer.options;
    const image = asImage(writer, inputs[0]);
    const attributes = { kernel_shape: poolSize, strides };
    return {
      name: writer.node(operator, [image.name], { attributes }),
      shape: node.shape,
      image: node.shape,
    };
  };

const globalPool =
  (operator: string) =>
  <Type extends LayerTypeName>({ writer, node, inputs }: LayerContext<Type>): LaidOut => {
    const pooled = writer.node(operator, [asImage(writer, inputs[0]).name]);
    return { name: writer.node("Flatten", [pooled]), shape: node.shape };
  };

/** Several values that lie alike: as they come where they do, else in the usual way. */
function alike(writer: GraphWriter, values: readonly LaidOut[]): readonly LaidOut[] {
  const [{ image }] = values;
  return values.every((value) => `${value.image}` === `${image}`)
    ? values
    : values.map((value) => asUsual(writer, value));
}

const add: WriteLayer<"add"> = ({ writer, inputs }) => {
  const [first, ...others] = alike(writer, inputs);
  return { ...first, name: others.reduce((sum, other) => writer.node("Add", [sum, other.name]), first.name) };
};

/** One number a channel beside what it is multiplied with: of an image [N, C, 1, 1], else the last axis. */
function spread(writer: GraphWriter, value: LaidOut, whole: Shape): string {
  const channels = whole[whole.length - 1];
  const isImage = whole.length === 3;
  if (isImage && value.image && value.shape.length === 3) return value.name;
  const axes = isImage ? [channels, 1, 1] : [...whole.slice(1).map(() => 1), channels];
  if (!isImage && `${value.shape}` === `${axes}`) return asHeddle(writer, value).name;
  return reshape(writer, value, axes);
}

const multiply: WriteLayer<"multiply"> = ({ writer, node, inputs }) => {
  const whole = wholeOf(node.inputShapes);
  const isWhole = (value: LaidOut): boolean => `${value.shape}` === `${whole}`;
  const wholes = inputs.filter(isWhole);
  const laid = wholes.length === inputs.length ? alike(writer, inputs) : undefined;
  const [first] = laid ?? [asUsual(writer, wholes[0])];
  const names = inputs.map((value, index) => {
    if (laid) return laid[index].name;
    return isWhole(value) ? asUsual(writer, value).name : spread(writer, value, whole);
  });
  return { ...first, name: names.reduce((product, name) => writer.node("Mul", [product, name])) };
};

const concatenate: WriteLayer<"concatenate"> = ({ writer, node, inputs }) => {
  const { shape } = node;
  const isImage = shape.length === 3;
  const names = inputs.map((value) => asUsual(writer, value).name);
  const axis = { int: isImage ? 1 : shape.length };
  const name = writer.node("Concat", names, { attributes: { axis } });
  return isImage ? { name, shape, image: shape } : { name, shape };
};

/**
 * ONNX Runtime 1.32 makes padding that a pool reads part of the pool, where a maximum takes −∞ for it and a wide one is
 * refused. A Clip without bounds between them, which does nothing, keeps them apart.
 */
const zeroPad2d: WriteLayer<"zeroPad2d"> = ({ writer, layer, node, inputs, readers }) => {
  const { top, bottom, left, right } = layer.options.padding;
  const pads = writer.sizes("pads", [0, 0, top, left, 0, 0, bottom, right]);
  const padded = writer.node("Pad", [asImage(writer, inputs[0]).name, pads]);
  const isForProducts = readers.every(
    ({ layer: { type } }) => type === "conv2d" || type === "depthwiseConv2d",
  );
  const name = isForProducts ? padded : writer.node("Clip", [padded]);
  return { name, shape: node.shape, image: node.shape };
};

/** How each type of layer is written: the compiler asks for every one. */
export const writeLayers: { readonly [Type in LayerTypeName]: WriteLayer<Type> } = {
  conv2d,
  depthwiseConv2d,
  zeroPad2d,
  maxPool2d: pool("MaxPool"),
  averagePool2d: pool("AveragePool"),
  globalAveragePool2d: globalPool("GlobalAveragePool"),
  globalMaxPool2d: globalPool("GlobalMaxPool"),
  dense,
  batchNorm,
  layerNorm,
  flatten: ({ writer, inputs }) => flattened(writer, inputs[0]),
  reshape: ({ writer, node, inputs }) => ({
    name: reshape(writer, inputs[0], node.shape),
    shape: node.shape,
  }),
  dropout: ({ writer, layer, inputs: [value] }) => ({
    ...value,
    name: writer.node("Dropout", [value.name, writer.number("ratio", layer.options.rate)]),
  }),
  activation: ({ writer, layer, inputs }) => {
    const { function: name, negativeSlope } = layer.options;
    return { ...inputs[0], name: activated(writer, inputs[0].name, name, negativeSlope) };
  },
  scale: ({ writer, layer, inputs }) => {
    const factor = writer.number("factor", layer.options.factor);
    return { ...inputs[0], name: writer.node("Mul", [inputs[0].name, factor]) };
  },
  add,
  multiply,
  concatenate,
  lstm,
  bilstm,
  gru,
};
