import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chainOf, type Graph, graphConfig, graphOf } from "../../graph/index.js";
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
  dropout,
  flatten,
  globalAveragePool2d,
  globalMaxPool2d,
  gru,
  initialize,
  input,
  type Layer,
  layerNorm,
  layerTypes,
  lstm,
  maxPool2d,
  multiply,
  reshape,
  type Shape,
  scale,
  shapeSize,
  type Value,
  zeroPad2d,
} from "../../layers/index.js";
import { createRandom } from "../../random.js";
import { referenceNetwork } from "./network.js";

const batch = 2;
const training = { training: true, seed: 3, step: 5 };

type Build = (x: Value) => Value;

/** Layers under test, or what is made of the input, the shape that enters, and the batch where it isn't two. */
const examples: readonly [readonly Layer[] | Build, Shape, number?][] = [
  [[conv2d({ filters: 3, kernelSize: 3, activation: "relu" })], [5, 7, 2]],
  [[conv2d({ filters: 2, kernelSize: [2, 3], strides: [2, 1], activation: "tanh" })], [5, 4, 3]],
  [[conv2d({ filters: 2, kernelSize: 3, padding: "same" })], [4, 5, 1]],
  [[conv2d({ filters: 5, kernelSize: [4, 3], strides: [3, 2], padding: "same" })], [7, 6, 2]],
  [[conv2d({ filters: 2, kernelSize: 5, padding: "same", activation: "sigmoid" })], [3, 2, 1], 1],
  [[conv2d({ filters: 3, kernelSize: 2, activation: "tanh", useBias: false })], [4, 3, 2]],
  [[dense({ units: 3, useBias: false })], [4]],
  [
    [conv2d({ filters: 2, kernelSize: 3, strides: [2, 1], padding: { top: 2, left: 1, right: 4 } })],
    [4, 3, 2],
  ],
  [[conv2d({ filters: 2, kernelSize: 1, strides: 3, padding: 2 })], [3, 4, 2]],
  [
    [zeroPad2d({ padding: { top: 1, left: 2, right: 1 } }), conv2d({ filters: 2, kernelSize: 2 })],
    [2, 3, 2],
  ],
  [[conv2d({ filters: 2, kernelSize: 3, dilation: [2, 1], padding: "same", activation: "tanh" })], [5, 4, 2]],
  [[conv2d({ filters: 2, kernelSize: 2, dilation: 3, strides: [1, 2] })], [5, 6, 1]],
  [[conv2d({ filters: 4, kernelSize: 2, groups: 2, activation: "tanh" })], [3, 4, 6]],
  [[conv2d({ filters: 6, kernelSize: [2, 3], groups: 3, dilation: 2, padding: "same" })], [4, 3, 3]],
  [[depthwiseConv2d({ kernelSize: 3, padding: "same", activation: "tanh" })], [4, 5, 3]],
  [[depthwiseConv2d({ kernelSize: [2, 3], dilation: [3, 2], strides: 2, padding: "same" })], [5, 6, 2]],
  [[depthwiseConv2d({ kernelSize: [2, 3], strides: [1, 2], depthMultiplier: 3, useBias: false })], [4, 5, 2]],
  [
    [depthwiseConv2d({ kernelSize: 2, strides: 3, padding: { top: 1, right: 2 }, depthMultiplier: 2 })],
    [4, 3, 2],
  ],
  [[maxPool2d()], [5, 4, 3]],
  [[maxPool2d({ poolSize: 3, strides: [1, 2] })], [5, 6, 2]],
  [[averagePool2d({ poolSize: [3, 2] })], [7, 5, 2]],
  [[averagePool2d({ poolSize: 3, strides: 2 })], [5, 5, 1], 1],
  [[dense({ units: 4, activation: "relu" })], [6]],
  [[dense({ units: 3, activation: "sigmoid" })], [1], 1],
  [
    [flatten(), activation("tanh"), reshape({ targetShape: [2, 6] }), activation("relu")],
    [3, 2, 2],
  ],
  [
    [dropout(0.4), conv2d({ filters: 2, kernelSize: 2 }), dropout(0.5)],
    [4, 4, 3],
  ],
  [[lstm({ units: 3 })], [5, 2]],
  [
    [lstm({ units: 2, returnSequences: true }), lstm({ units: 3 })],
    [4, 3],
  ],
  [[lstm({ units: 1 })], [1, 1], 1],
  [[gru({ units: 3 })], [5, 2]],
  [
    [gru({ units: 2, returnSequences: true }), gru({ units: 3 })],
    [4, 3],
  ],
  [[gru({ units: 1 })], [1, 1], 1],
  [[bilstm({ units: 2 })], [4, 3]],
  [
    [bilstm({ units: 2, returnSequences: true }), bilstm({ units: 1 })],
    [3, 2],
  ],
  [[globalAveragePool2d()], [3, 5, 2]],
  [[batchNorm({ epsilon: 0.01 })], [4], 3],
  [
    [conv2d({ filters: 2, kernelSize: 2 }), batchNorm(), activation("tanh")],
    [4, 3, 2],
  ],
  [[batchNorm({ trainable: false }), dense({ units: 2 })], [3]],
  [[layerNorm()], [5], 3],
  [
    [layerNorm({ epsilon: 0.1 }), activation("tanh"), layerNorm({ trainable: false })],
    [2, 3],
  ],
  [
    [conv2d({ filters: 3, kernelSize: 2 }), layerNorm()],
    [3, 4, 2],
  ],
  [[dense({ units: 1 }), layerNorm()], [3]],
  [(x) => add()([x, x]), [3, 2]],
  [(x) => multiply()([x, x, dense({ units: 2 })(x)]), [3, 2].slice(1)],
  [(x) => multiply()([globalMaxPool2d()(x), conv2d({ filters: 3, kernelSize: 1 })(x)]), [4, 5, 3]],
  [
    (x) => {
      const y = conv2d({ filters: 2, kernelSize: 2, padding: "same" })(x);
      return concatenate()([x, y, scale(-0.5)(x), y]);
    },
    [3, 2, 3],
  ],
  [[scale({ factor: 0.25 }), dense({ units: 2 })], [3]],
  ...activationNames.map((name): [Layer[], Shape] => [[activation(name)], [5, 3]]),
  [[activation({ function: "leakyRelu", negativeSlope: 0.3 })], [5, 3]],
  [
    (x) => {
      const y = conv2d({ filters: 3, kernelSize: 3, padding: "same", activation: "tanh" })(x);
      const pooled = maxPool2d({ poolSize: 3, strides: 1 })(y);
      const skipped = conv2d({ filters: 3, kernelSize: 3 })(x);
      return add()([pooled, skipped, averagePool2d({ poolSize: 3, strides: 1 })(y)]);
    },
    [4, 5, 2],
  ],
];

const graphOfExample = (example: readonly Layer[] | Build, shape: Shape): Graph => {
  if (typeof example !== "function") return chainOf(example, shape);
  const x = input(shape);
  return graphOf(x, example(x));
};

function normals(length: number, stream: number): Float64Array {
  const random = createRandom(11, stream);
  return Float64Array.from({ length }, () => random.normal());
}

describe("the reference twin's gradients", () => {
  it("are tested for every layer", () => {
    const graphs = examples.map(([example, shape]) => graphOfExample(example, shape));
    const tested = new Set(graphs.flatMap(({ nodes }) => nodes.map(({ layer }) => layer.type)));
    assert.deepEqual(tested, new Set(layerTypes));
  });

  for (const [example, shape, n = batch] of examples) {
    const graph = graphOfExample(example, shape);
    it(`equal finite differences: ${graphConfig(graph)
      .map((config) => JSON.stringify(config))
      .join(" ")}`, () => {
      const network = referenceNetwork(graph);
      const parameters = new Map(
        network.tensors.map((spec, stream) => {
          // Random biases too: zeros would hide a bias that is never added.
          const values = initialize(
            { ...spec, initializer: "glorotUniform", shape: [1, ...spec.shape] },
            5,
            stream,
          );
          // Around one where ones are first: a variance must be positive.
          const centre = spec.initializer === "ones" ? 2 : 0;
          return [spec.name, Float64Array.from(values, (value) => centre + value)];
        }),
      );
      const images = normals(n * shapeSize(shape), 1);
      const direction = normals(n * shapeSize(network.outputShape), 2);
      const objective = () =>
        network.forward(parameters, images, n, training).reduce((sum, y, at) => sum + y * direction[at], 0);

      const { gradients, inputGradient } = network.run(parameters, images, n, training).backward(direction);
      const trained = network.tensors.filter(({ kept }) => !kept).map(({ name }) => name);
      assert.deepEqual([...gradients.keys()].sort(), [...trained].sort());
      for (const [name, values] of [...parameters, ["input", images] as const]) {
        if (name !== "input" && !trained.includes(name)) continue;
        const gradient = name === "input" ? inputGradient : gradients.get(name);
        assert.equal(gradient?.length, values.length);
        for (let at = 0; at < values.length; at++) {
          const expected = centralDifference(objective, values, at);
          const difference = Math.abs(gradient[at] - expected);
          assert.ok(
            difference < 1e-7 * (1 + Math.abs(expected)),
            `${name}[${at}]: ${gradient[at]}, not ${expected}`,
          );
        }
      }
    });
  }
});

function centralDifference(objective: () => number, values: Float64Array, at: number): number {
  const step = 1e-5;
  const held = values[at];
  values[at] = held + step;
  const above = objective();
  values[at] = held - step;
  const below = objective();
  values[at] = held;
  return (above - below) / (2 * step);
}
