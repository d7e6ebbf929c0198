import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodeModel, encodeModel, type ModelContents } from "../../core/formats/model-file.js";
import { decodeSafetensors } from "../../core/formats/safetensors.js";
import { chainOf, type Graph, graphConfig, tensorsOf } from "../../core/graph/index.js";
import {
  activation,
  batchNorm,
  bilstm,
  conv2d,
  dense,
  depthwiseConv2d,
  flatten,
  gru,
  layerNorm,
  lstm,
  reshape,
} from "../../core/layers/index.js";
import { shapeSize } from "../../core/layers/shape.js";
import { exportSafetensors } from "./export-safetensors.js";

/** A model whose tensors count up, so that an order shows. */
function counting(graph: Graph): ModelContents {
  const channels = graph.inputShape[2];
  const tensors = tensorsOf(graph).map(({ name, shape }) => ({
    name,
    shape,
    data: Float32Array.from({ length: shapeSize(shape) }, (_, index) => index),
  }));
  return {
    layers: graphConfig(graph),
    inputShape: graph.inputShape,
    normalization: { mean: [0, 0].slice(0, channels), deviation: [1, 1].slice(0, channels) },
    classNames: ["a/b", "c\nd"],
    tensors,
  };
}

const images = chainOf(
  [
    conv2d({ name: "conv", filters: 4, kernelSize: [1, 2], groups: 2 }),
    batchNorm({ name: "norm" }),
    depthwiseConv2d({ name: "each", kernelSize: [2, 1], depthMultiplier: 2, useBias: false }),
    layerNorm({ name: "layer" }),
    flatten(),
    activation("relu"),
    dense({ name: "hidden", units: 3 }),
    dense({ name: "out", units: 2, useBias: false }),
  ],
  [3, 3, 2],
);
const sequences = chainOf(
  [
    reshape({ targetShape: [3, 3] }),
    lstm({ name: "lstm", units: 2, returnSequences: true }),
    bilstm({ name: "both", units: 1, returnSequences: true }),
    gru({ name: "gru", units: 2 }),
    dense({ name: "out", units: 2 }),
  ],
  [3, 3, 1],
);

const pytorch = (graph: Graph) =>
  decodeSafetensors(exportSafetensors(counting(graph), { layout: "pytorch" }), "it");

describe("exporting safetensors", () => {
  it("gives the model file as it is", () => {
    const contents = counting(images);
    assert.deepEqual(exportSafetensors(contents), encodeModel(contents));
    assert.deepEqual(decodeModel(exportSafetensors(contents), "it"), contents);
  });

  it("gives PyTorch's names and shapes", () => {
    const { tensors, metadata } = pytorch(images);
    assert.deepEqual(
      tensors.map(({ name, shape }) => `${name} ${shape.join()}`),
      [
        "conv.weight 4,1,1,2",
        "conv.bias 4",
        "norm.weight 4",
        "norm.bias 4",
        "norm.running_mean 4",
        "norm.running_var 4",
        "each.weight 8,1,2,1",
        "layer.weight 8",
        "layer.bias 8",
        "hidden.weight 3,32",
        "hidden.bias 3",
        "out.weight 2,3",
      ],
    );
    assert.deepEqual([metadata.format, metadata.channelsFirst], ["pt", '["hidden"]']);
    assert.deepEqual(JSON.parse(metadata.classNames), ["a/b", "c\nd"]);
  });

  it("turns kernels, and rows behind a flatten, to where PyTorch reads them", () => {
    const { tensors } = pytorch(images);
    const data = (name: string) => [...tensors.find((tensor) => tensor.name === name)!.data];
    // Of [1, 2, 1, 4]: tap × 4 + filter.
    assert.deepEqual(data("conv.weight"), [0, 4, 1, 5, 2, 6, 3, 7]);
    // The first unit of [2, 2, 8] pixels: the first channel's four pixels, 24 numbers apart, then the second's.
    assert.deepEqual(data("hidden.weight").slice(0, 5), [0, 24, 48, 72, 3]);
    assert.deepEqual(data("out.weight"), [0, 2, 4, 1, 3, 5]);
  });

  it("has a recurrent layer's gates in PyTorch's order", () => {
    const { tensors } = pytorch(sequences);
    const shapes = Object.fromEntries(tensors.map(({ name, shape }) => [name, shape.join()]));
    assert.deepEqual(
      [shapes["lstm.weight_ih_l0"], shapes["both.weight_hh_l0_reverse"], shapes["gru.bias_hh_l0"]],
      ["8,3", "4,1", "6"],
    );
    const data = (name: string) => [...tensors.find((tensor) => tensor.name === name)!.data];
    assert.deepEqual(data("gru.bias_ih_l0"), [2, 3, 0, 1, 4, 5]);
    assert.deepEqual(data("gru.bias_hh_l0"), [2, 3, 0, 1, 4, 5]);
    assert.deepEqual(data("lstm.bias_ih_l0"), [0, 1, 2, 3, 4, 5, 6, 7]);
    assert.deepEqual(new Set(data("lstm.bias_hh_l0")), new Set([0]));
    // [2, 6]: of unit r0, then r1, z0 … each from both units.
    assert.deepEqual(data("gru.weight_hh_l0").slice(0, 6), [2, 8, 3, 9, 0, 6]);
  });

  it("refuses what isn't there, and contents that don't fit each other", () => {
    const contents = counting(images);
    assert.throws(
      () => exportSafetensors(contents, { layout: "keras" as "heddle" }),
      /layout must be one of/,
    );
    assert.throws(
      () => exportSafetensors({ ...contents, tensors: contents.tensors.slice(1) }),
      /conv\.kernel is missing/,
    );
    assert.throws(() => exportSafetensors({ ...contents, classNames: ["a"] }), /it names 1 classes/);
  });
});
