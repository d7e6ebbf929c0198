import type { Graph, GraphNode } from "../../core/graph/index.js";
import type { LayerOf } from "../../core/layers/registry.js";
import { asHeddle, asUsual } from "./laid-out.js";
import type { FoldedNorm, WriteLayer } from "./layer-context.js";

export const batchNorm: WriteLayer<"batchNorm"> = ({ writer, layer, node, inputs, read }) => {
  const parts = ["gamma", "beta", "runningMean", "runningVariance"].map((part) => {
    const data = read(part);
    return writer.constant(part, [data.length], data);
  });
  const value = asUsual(writer, inputs[0]);
  const { epsilon, momentum } = layer.options;
  const normalized = (name: string): string =>
    writer.node("BatchNormalization", [name, ...parts], {
      attributes: { epsilon: { float: epsilon }, momentum: { float: momentum } },
    });
  const axes = node.shape.map((_, axis) => axis + 1);
  if (value.image || axes.length === 1) return { ...value, name: normalized(value.name) };
  // Of a sequence [T, C] the channels come last, where ONNX has them second.
  const [last, others] = [axes.length, axes.slice(0, -1)];
  const turned = writer.node("Transpose", [value.name], { attributes: { perm: [0, last, ...others] } });
  const back = { attributes: { perm: [0, ...axes.slice(1), 1] } };
  return { ...value, name: writer.node("Transpose", [normalized(turned)], back) };
};

/** From which version of ONNX's operators on there is one for layer normalization. */
const since = 17;

export const layerNorm: WriteLayer<"layerNorm"> = ({ writer, layer, node, inputs, read }) => {
  const [gamma, beta] = ["gamma", "beta"].map((part) => {
    const data = read(part);
    return writer.constant(part, [data.length], data);
  });
  const value = asHeddle(writer, inputs[0]);
  const { epsilon } = layer.options;
  const { name } = value;
  if (writer.opset >= since) {
    const attributes = { axis: { int: -1 }, epsilon: { float: epsilon } };
    return { ...value, name: writer.node("LayerNormalization", [name, gamma, beta], { attributes }) };
  }
  const mean = (of: string): string =>
    writer.node("ReduceMean", [of], { attributes: { axes: [node.shape.length], keepdims: { int: 1 } } });
  const centred = writer.node("Sub", [name, mean(name)]);
  const variance = mean(writer.node("Mul", [centred, centred]));
  const deviation = writer.node("Sqrt", [writer.node("Add", [variance, writer.number("epsilon", epsilon)])]);
  const scaled = writer.node("Mul", [writer.node("Div", [centred, deviation]), gamma]);
  return { ...value, name: writer.node("Add", [scaled, beta]) };
};

/** The normalization that may be folded into a product: the one that alone reads it, with nothing but dropout between. */
export function normBehind({ nodes }: Graph, { layer, readers }: GraphNode): GraphNode | undefined {
  const isProduct = ["conv2d", "depthwiseConv2d", "dense"].includes(layer.type);
  if (!isProduct || layer.config().activation !== "linear") return undefined;
  const soleOf = (among: readonly number[]): GraphNode | undefined =>
    among.length === 1 ? nodes[among[0]] : undefined;
  let next = soleOf(readers);
  while (next?.layer.type === "dropout") next = soleOf(next.readers);
  return next?.layer.type === "batchNorm" ? next : undefined;
}

/** What a normalization in inference does to each channel. */
export function foldedNorm(layer: LayerOf<"batchNorm">, read: (name: string) => Float32Array): FoldedNorm {
  const [gamma, beta, mean, variance] = ["gamma", "beta", "runningMean", "runningVariance"].map(read);
  const scale = Float64Array.from(
    gamma,
    (each, channel) => each / Math.sqrt(variance[channel] + layer.options.epsilon),
  );
  return { scale, shift: scale.map((each, channel) => beta[channel] - mean[channel] * each) };
}
