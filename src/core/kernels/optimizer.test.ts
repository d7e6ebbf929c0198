import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { adam, muon, rmsprop, sgd } from "../optimizers/index.js";
import { stepNumbers } from "./optimizer.js";

describe("what changes from step to step", () => {
  /** Of which something is left after so many steps. */
  const slow = 1 - 2 ** -25;

  it("is Adam's corrections, at the first step and after millions", () => {
    for (const step of [0, 1, 999, 2 ** 20, 2 ** 25])
      for (const beta2 of [0.999, slow]) {
        const [rate, corrected, square, ofMatrices] = stepNumbers(adam({ beta2 }), step, 0.01);
        assert.deepEqual([rate, ofMatrices], [0.01, 0.01]);
        for (const [actual, expected] of [
          [corrected, 0.01 / -Math.expm1((step + 1) * Math.log(0.9))],
          [square, 1 / Math.sqrt(-Math.expm1((step + 1) * Math.log(beta2)))],
        ])
          assert.ok(Math.abs(actual / expected - 1) < 1e-8, `step ${step}: ${actual}, not ${expected}`);
      }
    assert.deepEqual(stepNumbers(adam(), 2 ** 25, 0.01), [0.01, 0.01, 1, 0.01]);
  });

  it("is a share of the learning rate for what Muon doesn't take, and that alone for others", () => {
    assert.deepEqual(stepNumbers(muon({ adamShare: 0.5 }), 2 ** 25, 0.01), [0.005, 0.005, 1, 0.01]);
    for (const optimizer of [sgd(), rmsprop()])
      assert.deepEqual(stepNumbers(optimizer, 2 ** 25, 0.01), [0.01, 0, 0, 0]);
  });
});
