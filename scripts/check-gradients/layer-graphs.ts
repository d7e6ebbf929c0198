import { type Graph, graphOf } from "#heddle/core/graph/index.js";
import {
  activation,
  activationNames,
  add,
  averagePool2d,
  batchNorm,
  bilstm,
  concatenate,
  conv2d,
  dense,
  depthwiseConv2d,
  flatten,
  globalAveragePool2d,
  globalMaxPool2d,
  gru,
  input,
  layerNorm,
  layerTypes,
  lstm,
  maxPool2d,
  multiply,
  type OneInputLayer,
  reshape,
  type Shape,
  scale,
  type Value,
  zeroPad2d,
} from "#heddle/core/layers/index.js";

type Body = (images: Value) => Value;

/** Layers one after another. */
const chain =
  (...layers: readonly OneInputLayer[]): Body =>
  (images) =>
    layers.reduce((x: Value, layer) => layer(x), images);

const stem = conv2d({ name: "stem", filters: 16, kernelSize: 3, strides: 2, activation: "tanh" });
const rows = reshape({ targetShape: [28, 28] });

/** Small networks by name, without their last dense layer: every layer and every activation in one of them at least. */
const bodies: Readonly<Record<string, Body>> = {
  "conv2d, padded": chain(
    stem,
    conv2d({ filters: 24, kernelSize: 5, padding: "same", activation: "sigmoid" }),
    conv2d({
      filters: 8,
      kernelSize: [3, 2],
      strides: [2, 1],
      padding: { top: 2, right: 1 },
      useBias: false,
    }),
    flatten(),
  ),
  "conv2d, with gaps and in groups": chain(
    stem,
    conv2d({ filters: 24, kernelSize: 3, dilation: 2, activation: "softplus" }),
    conv2d({ filters: 16, kernelSize: 3, groups: 4, padding: 1, activation: "tanh" }),
    conv2d({ filters: 16, kernelSize: 3, groups: 16 }),
    flatten(),
  ),
  "conv2d, whitening": chain(
    conv2d({ filters: 8, kernelSize: 2, kernelInitializer: "whitening", activation: "gelu" }),
    maxPool2d(),
    flatten(),
  ),
  depthwiseConv2d: chain(
    stem,
    depthwiseConv2d({ kernelSize: 3, padding: "same", activation: "silu" }),
    depthwiseConv2d({ kernelSize: 5, strides: 2, depthMultiplier: 2, useBias: false }),
    flatten(),
  ),
  dense: chain(
    flatten(),
    dense({ units: 128, activation: "elu" }),
    dense({ units: 64, activation: "tanh", useBias: false }),
  ),
  pools: chain(
    stem,
    maxPool2d({ poolSize: 3, strides: 2 }),
    zeroPad2d({ padding: { bottom: 1, right: 2 } }),
    averagePool2d(),
    flatten(),
  ),
  "global pools": (images) => {
    const x = stem(images);
    return concatenate()([globalAveragePool2d()(x), globalMaxPool2d()(x)]);
  },
  batchNorm: chain(
    stem,
    batchNorm(),
    conv2d({ filters: 16, kernelSize: 3 }),
    batchNorm({ scale: false }),
    activation("tanh"),
    batchNorm({ trainable: false }),
    flatten(),
  ),
  layerNorm: chain(
    stem,
    layerNorm(),
    conv2d({ filters: 12, kernelSize: 3 }),
    layerNorm({ epsilon: 1e-5 }),
    flatten(),
  ),
  "add, multiply, concatenate, scale": (images) => {
    const x = stem(images);
    const wide = conv2d({ filters: 16, kernelSize: 3, padding: "same", activation: "gelu" })(x);
    const gate = dense({ units: 16, activation: "sigmoid" })(globalAveragePool2d()(x));
    const sum = add()([x, multiply()([wide, gate]), scale(0.5)(multiply()([x, wide]))]);
    return globalAveragePool2d()(concatenate()([sum, wide]));
  },
  "lstm, stacked": chain(rows, lstm({ units: 48, returnSequences: true }), lstm({ units: 32 })),
  "bilstm, stacked": chain(rows, bilstm({ units: 32, returnSequences: true }), bilstm({ units: 24 })),
  "gru, stacked": chain(rows, gru({ units: 48, returnSequences: true }), gru({ units: 32 })),
  ...Object.fromEntries(
    activationNames
      .filter((name) => name !== "linear")
      .map((name) => [
        `activation ${name}`,
        chain(flatten(), dense({ units: 64 }), activation(name), dense({ units: 64, activation: name })),
      ]),
  ),
};

/** Layers that compute nothing in a gradient of their own. */
const besides = ["dropout"];

/** Small networks that have every layer between them, by name. */
export function layerGraphs(inputShape: Shape, classes: number): Readonly<Record<string, Graph>> {
  const graphs = Object.fromEntries(
    Object.entries(bodies).map(([name, body]) => {
      const images = input(inputShape);
      return [name, graphOf(images, dense({ name: "output", units: classes })(body(images)))];
    }),
  );
  const there = new Set(Object.values(graphs).flatMap(({ nodes }) => nodes.map(({ layer }) => layer.type)));
  const missing = layerTypes.filter((type) => !there.has(type) && !besides.includes(type));
  if (missing.length > 0) throw new Error(`No network here has ${missing.join(", ")}.`);
  return graphs;
}
