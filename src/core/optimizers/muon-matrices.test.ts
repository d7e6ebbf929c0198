import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chainOf } from "../graph/index.js";
import { conv2d, dense, depthwiseConv2d, flatten } from "../layers/index.js";
import { modelDefinitions } from "../models/index.js";
import { muonMatrices } from "./index.js";

describe("muon takes", () => {
  const taken = (model: keyof typeof modelDefinitions): Record<string, string> => {
    const graph = chainOf(modelDefinitions[model].layers([28, 28, 1], 10), [28, 28, 1]);
    const matrices = muonMatrices(graph);
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
