import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type BatchErrors, compared } from "./compared.js";

const batch = (ours: number, pytorch: number): BatchErrors => ({
  tensors: [
    { name: "kernel", norm: 2, ours, pytorch },
    { name: "gamma", norm: 1, ours: 1e-6, pytorch: 1e-6 },
    { name: "bias", norm: 1e-17, ours: 1e-7, pytorch: 1e-8 },
  ],
});

describe("gradients beside PyTorch's", () => {
  const { tensors, worst, beyondTwice } = compared("m", [batch(6e-6, 2e-6), batch(1, 1), batch(2e-6, 2e-6)]);

  it("are compared by the medians of relative errors", () => {
    const [kernel] = tensors;
    assert.deepEqual(kernel, {
      name: "kernel",
      ours: 3e-6,
      pytorch: 1e-6,
      ratio: kernel.ours / kernel.pytorch,
    });
    assert.ok(Math.abs(worst.ratio - 3) < 1e-9);
    assert.deepEqual([worst.ours, worst.pytorch, beyondTwice], [3e-6, 1e-6, 1]);
  });

  it("that vanish are told by the whole gradient, and judge no model", () => {
    const bias = tensors[2];
    assert.equal(bias.vanishes, true);
    assert.ok(Math.abs(bias.ours - 1e-7 / Math.hypot(2, 1)) < 1e-12);
  });
});
