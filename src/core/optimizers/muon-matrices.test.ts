import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chainOf, graphOf } from "../graph/index.js";
import {
  activation,
  add,
  conv2d,
  dense,
  depthwiseConv2d,
  dropout,
  flatten,
  globalAveragePool2d,
  input,
  type Value,
} from "../layers/index.js";
import { modelDefinitions } from "../models/index.js";
import { muonMatrices } from "./index.js";

describe("muon takes", () => {
  const taken = (model: keyof typeof modelDefinitions): Record<string, string> => {
    const matrices = muonMatrices(modelDefinitions[model].graph([28, 28, 1], 10));
    return Object.fromEntries(
      [...matrices].map(([name, { rows, columns }]) => [name, `${rows} × ${columns}`]),
    );
  };

  it("all kernels but the first and the last of the Proposed CNN", () => {
    assert.deepEqual(taken("proposed"), {
      "C2.kernel": "288 × 64",
      "C3.kernel": "576 × 128",
      "C4.kernel": "1152 × 256",
      "FC1.kernel": "256 × 256",
      "FC2.kernel": "256 × 128",
    });
  });

  it("of the paper's models these and no others", () => {
    const paper = ["proposed", "cnn", "lenet", "lstm", "bilstm"] as const;
    const names = paper.map((name) => [name, Object.keys(taken(name))]);
    assert.deepEqual(Object.fromEntries(names), {
      proposed: ["C2.kernel", "C3.kernel", "C4.kernel", "FC1.kernel", "FC2.kernel"],
      cnn: ["FC1.kernel"],
      lenet: ["C2.kernel", "FC1.kernel", "FC2.kernel"],
      lstm: ["LSTM.recurrentKernel"],
      bilstm: ["BiLSTM.forward.recurrentKernel", "BiLSTM.backward.recurrentKernel"],
    });
  });

  const namesOf = (make: (x: Value) => Value): string[] => {
    const x = input([4, 4, 1]);
    return [...muonMatrices(graphOf(x, make(x))).keys()];
  };
  const conv = (name: string) => conv2d({ name, filters: 2, kernelSize: 3, padding: "same" });
  const classes = (name: string) => dense({ name, units: 3 });

  it("nothing that makes the logits, wherever it stands", () => {
    const heads = namesOf((x) => {
      const y = conv("middle")(conv("first")(x));
      return add()([classes("a")(flatten()(y)), dropout(0.5)(classes("b")(globalAveragePool2d()(y)))]);
    });
    assert.deepEqual(heads, ["middle.kernel"]);
    // Something reaches the output past what follows it.
    const past = namesOf((x) => {
      const y = globalAveragePool2d()(conv("middle")(conv("first")(x)));
      const z = dense({ name: "past", units: 3 })(y);
      return add()([z, classes("end")(z)]);
    });
    assert.deepEqual(past, ["middle.kernel"]);
  });

  it("what it takes of graphs with very many ways through them, and very long ones", () => {
    const sums = namesOf((x) => {
      let y = x;
      for (let at = 0; at < 60; at++) y = add()([y, y]);
      y = conv("middle")(conv("first")(y));
      for (let at = 0; at < 60; at++) y = add()([y, y]);
      return classes("end")(flatten()(y));
    });
    assert.deepEqual(sums, ["middle.kernel"]);
    const long = namesOf((x) => {
      let y = x;
      for (let at = 0; at < 20_000; at++) y = activation("tanh")(y);
      y = conv("middle")(conv("first")(y));
      for (let at = 0; at < 20_000; at++) y = activation("tanh")(y);
      return classes("end")(flatten()(y));
    });
    assert.deepEqual(long, ["middle.kernel"]);
  });

  it("of a first LSTM the recurrent kernels alone", () => {
    const names = Object.keys(taken("bilstm"));
    assert.ok(names.some((name) => name.endsWith("forward.recurrentKernel")));
    assert.ok(names.some((name) => name.endsWith("backward.recurrentKernel")));
    assert.ok(!names.some((name) => name.endsWith(".forward.kernel") || name.endsWith(".backward.kernel")));
  });

  it("no depthwise kernel, and what stands behind one", () => {
    const separable = [
      depthwiseConv2d({ kernelSize: 3 }),
      conv2d({ filters: 6, kernelSize: 1 }),
      depthwiseConv2d({ kernelSize: 3 }),
      conv2d({ filters: 8, kernelSize: 1, name: "wide" }),
      flatten(),
      dense({ units: 10 }),
    ];
    const names = [...muonMatrices(chainOf(separable, [8, 8, 3])).keys()];
    assert.deepEqual(names, ["conv2d_1.kernel", "wide.kernel"]);
  });

  it("nothing of a single layer", () => {
    const graph = chainOf([flatten(), dense({ units: 10 })], [28, 28, 1]);
    assert.equal(muonMatrices(graph).size, 0);
  });
});
