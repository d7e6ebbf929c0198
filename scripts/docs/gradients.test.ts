import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { ComparedModel } from "../check-gradients/compared.js";
import { gradientsText } from "./gradients.js";

const tensor = { ours: 1e-6, pytorch: 1e-6, ratio: 1 };
const model: ComparedModel = {
  model: "cnn",
  worst: { ours: 3e-6, pytorch: 1e-6, ratio: 3 },
  beyondTwice: 1,
  tensors: [
    { ...tensor, name: "kernel" },
    { ...tensor, name: "gamma", ours: 3e-6, ratio: 3 },
    { ...tensor, name: "bias", ratio: 9, vanishes: true },
  ],
};

describe("gradients beside PyTorch's, in documents", () => {
  it("are counted of those that were compared", () => {
    const file = {
      command: "check",
      pytorch: "2",
      batchSize: 32,
      batches: 5,
      models: [model],
      layers: [model],
    };
    const text = gradientsText(file);
    assert.match(text, /more than twice that of PyTorch's float32, 2 of 4 whose gradient doesn't vanish:$/m);
    assert.doesNotMatch(text, /\| bias \|/);
  });
});
