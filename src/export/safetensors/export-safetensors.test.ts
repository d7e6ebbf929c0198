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

  it("turns what normalizes a flattened image along with the kernel behind it", () => {
    const [height, width, channels] = [2, 3, 2];
    const graph = chainOf(
      [
        flatten(),
        batchNorm({ name: "batch" }),
        layerNorm({ name: "layer" }),
        activation("relu"),
        dense({ name: "out", units: 2 }),
      ],
      [height, width, channels],
    );
    const { tensors, metadata } = pytorch(graph);
    assert.equal(metadata.channelsFirst, '["batch","layer","out"]');
    const own = counting(graph).tensors;
    const reader = (from: typeof own) => (name: string) => from.find((tensor) => tensor.name === name)!.data;
    const [ours, theirs] = [reader(own), reader(tensors)];
    const features = height * width * channels;
    const pixels = Array.from({ length: features }, (_, index) => Math.sin(index));
    const byChannel = Array.from({ length: channels }, (_, channel) =>
      pixels.filter((_, index) => index % channels === channel),
    ).flat();

    const logits = (
      inputs: readonly number[],
      [gamma, beta, mean, variance, scale, shift]: readonly Float32Array[],
      weight: (input: number, unit: number) => number,
      bias: Float32Array,
    ): number[] => {
      const batch = inputs.map(
        (x, at) => ((x - mean[at]) / Math.sqrt(variance[at] + 1)) * gamma[at] + beta[at],
      );
      const middle = batch.reduce((sum, x) => sum + x) / features;
      const spread = Math.sqrt(batch.reduce((sum, x) => sum + (x - middle) ** 2, 0) / features);
      const hidden = batch.map((x, at) => Math.max(0, ((x - middle) / spread) * scale[at] + shift[at]));
      return [0, 1].map((unit) => hidden.reduce((sum, x, at) => sum + x * weight(at, unit), bias[unit]));
    };
    const expected = logits(
      pixels,
      [
        "batch.gamma",
        "batch.beta",
        "batch.runningMean",
        "batch.runningVariance",
        "layer.gamma",
        "layer.beta",
      ].map(ours),
      (input, unit) => ours("out.kernel")[input * 2 + unit],
      ours("out.bias"),
    );
    const given = logits(
      byChannel,
      [
        "batch.weight",
        "batch.bias",
        "batch.running_mean",
        "batch.running_var",
        "layer.weight",
        "layer.bias",
      ].map(theirs),
      (input, unit) => theirs("out.weight")[unit * features + input],
      theirs("out.bias"),
    );
    for (const [unit, value] of expected.entries())
      assert.ok(Math.abs(given[unit] / value - 1) < 1e-9, `${given[unit]} and ${value}`);
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
