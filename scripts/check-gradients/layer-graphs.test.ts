import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { activationNames } from "#heddle/core/layers/index.js";
import { layerGraphs } from "./layer-graphs.js";

describe("the networks whose gradients are held against PyTorch's", () => {
  it("have every layer and every activation between them, each with classes at its end", () => {
    const graphs = Object.entries(layerGraphs([28, 28, 1], 10));
    for (const [name, { outputShape }] of graphs) assert.deepEqual(outputShape, [10], name);
    const names = graphs.map(([name]) => name);
    for (const activation of activationNames)
      assert.equal(names.includes(`activation ${activation}`), activation !== "linear", activation);
  });
});
