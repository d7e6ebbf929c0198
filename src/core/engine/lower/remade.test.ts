import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { nodePlatform } from "../../../node/platform.js";
import { type Graph, graphOf } from "../../graph/index.js";
import {
  activation,
  add,
  averagePool2d,
  batchNorm,
  conv2d,
  dense,
  depthwiseConv2d,
  dropout,
  flatten,
  globalAveragePool2d,
  maxPool2d,
} from "../../layers/index.js";
import { input, type Value } from "../../layers/value.js";
import type { Node } from "../plan/node.js";
import { ParameterStore } from "../plan/parameters.js";
import { createTrial, gradientFaults, predictionFaults, upTo } from "../testing/trial.js";
import { addParameter } from "./add-parameter.js";
import { lowerGraph } from "./lower.js";

/** A network that begins with a convolution and ends with a dense layer. */
function network(between: (made: Value) => Value): Graph {
  const images = input([12, 12, 3]);
  const made = conv2d({ name: "first", filters: 8, kernelSize: 3, padding: "same" })(images);
  const found = between(made);
  const vector = found.shape.length === 1 ? found : flatten()(found);
  return graphOf(images, dense({ name: "output", units: 5 })(vector));
}

const norm = () => batchNorm({ name: "norm", momentum: 0.7 });
const relu = () => activation("relu");
const conv = (trainable = true) =>
  conv2d({ name: "second", filters: 8, kernelSize: 3, padding: "same", trainable });
const depthwise = (trainable = true) =>
  depthwiseConv2d({ name: "second", kernelSize: 3, padding: "same", trainable });

/** What nodes make again on the way back, of whole networks. */
const cases: readonly (readonly [what: string, between: (made: Value) => Value, again: readonly string[]])[] =
  [
    ["before a convolution", (x) => conv()(norm()(x)), ["norm again"]],
    ["before an activation and a convolution", (x) => conv()(relu()(norm()(x))), ["activation_1 again"]],
    ["before tanh", (x) => conv()(activation("tanh")(norm()(x))), ["activation_1 again"]],
    ["before a depthwise convolution", (x) => depthwise()(relu()(norm()(x))), ["activation_1 again"]],
    [
      "before an activation whose slope its input tells",
      (x) => activation("gelu")(norm()(x)),
      ["norm again"],
    ],
    ["before a ReLU and a max-pool, which commute", (x) => maxPool2d()(relu()(norm()(x))), []],
    ["before an overlapping max-pool", (x) => maxPool2d({ poolSize: 3, strides: 1 })(relu()(norm()(x))), []],
    ["before an average-pool, which reads no values back", (x) => averagePool2d()(norm()(x)), []],
    [
      "before a ReLU, whose slope is read, and an average-pool",
      (x) => averagePool2d()(relu()(norm()(x))),
      ["activation_1 again"],
    ],
    ["before tanh and a max-pool", (x) => maxPool2d()(activation("tanh")(norm()(x))), ["activation_1 again"]],
    [
      "before tanh and the mean of all pixels",
      (x) => globalAveragePool2d()(activation("tanh")(norm()(x))),
      ["activation_1 again"],
    ],
    ["before a frozen convolution", (x) => conv(false)(norm()(x)), []],
    ["before a ReLU and a frozen convolution", (x) => conv(false)(relu()(norm()(x))), ["activation_1 again"]],
    [
      "before a ReLU and a frozen depthwise convolution",
      (x) => depthwise(false)(relu()(norm()(x))),
      ["activation_1 again"],
    ],
    ["before dropout, which is not made twice", (x) => conv()(dropout(0.4)(norm()(x))), []],
    [
      "that is read twice",
      (x) => {
        const read = relu()(norm()(x));
        return add()([conv()(read), read]);
      },
      [],
    ],
    [
      "before a convolution of many weights that goes by whole products",
      (x) => conv2d({ name: "second", filters: 64, kernelSize: 5, strides: 2 })(relu()(norm()(x))),
      [],
    ],
  ];

/** The nodes of a graph as it is trained. */
function loweredNodes(graph: Graph): readonly Node[] {
  const store = new ParameterStore();
  return lowerGraph(graph, {
    training: true,
    winograd: true,
    resolve: (node, name, inChannels) =>
      addParameter(store, node, node.tensors.find((tensor) => tensor.name === name)!, inChannels),
  }).nodes;
}

describe("a ReLU before a max-pool", () => {
  it("moves behind it where a normalization is before it, as where a convolution is", () => {
    const names = (between: (made: Value) => Value) => loweredNodes(network(between)).map(({ name }) => name);
    const all = ["first", "norm", "maxPool2d_1", "maxPool2d_1 relu", "flatten_1", "output"];
    assert.deepEqual(
      names((x) => maxPool2d()(relu()(norm()(x)))),
      all,
    );
    assert.deepEqual(
      names((x) => maxPool2d()(relu()(x))),
      all.filter((name) => name !== "norm"),
    );
  });

  it("stays where others read what it makes", () => {
    const nodes = loweredNodes(
      network((x) => {
        const read = relu()(norm()(x));
        return add()([maxPool2d()(read), maxPool2d()(conv()(read))]);
      }),
    );
    assert.ok(
      nodes.findIndex(({ name }) => name === "activation_1") <
        nodes.findIndex(({ name }) => name === "maxPool2d_1"),
    );
  });
});

describe("a normalization", () => {
  for (const [what, between, again] of cases)
    it(`${what} has its twin's gradients, and is made again where that is cheaper`, async () => {
      const graph = network(between);
      const made = loweredNodes(graph).filter(({ name }) => name.endsWith(" again"));
      assert.deepEqual(
        made.map(({ name }) => name),
        again,
      );
      for (const threads of [1, 2]) {
        const trial = await createTrial({ graph, batch: 9, threads, platform: nodePlatform });
        try {
          assert.deepEqual(await predictionFaults(trial, upTo(trial.count)), []);
          assert.deepEqual(await gradientFaults(trial, upTo(9), 3), []);
          assert.deepEqual(await gradientFaults(trial, upTo(2), 4), [], "a smaller batch");
        } finally {
          await trial.network.close();
        }
      }
    });
});
