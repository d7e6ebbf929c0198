import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "../../node/platform.js";
import { adam, adamw, muon, rmsprop, sgd } from "../optimizers/index.js";
import { relaxedArithmetic } from "./arithmetic.js";
import { emitOptimizer, stateNames, stepNumbers } from "./optimizer.js";
import { kernelBench } from "./testing/kernel-bench.js";

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

describe("what an optimizer remembers of a weight that nothing moves any more", () => {
  const place = { numbers: 0, weights: 64, gradients: 128, first: 192, second: 256 };
  const least = 2 ** -126;

  for (const optimizer of [
    sgd({ momentum: 0.9 }),
    sgd({ momentum: 0.9, nesterov: true }),
    adam({ beta2: 0.9 }),
    adamw({ beta2: 0.9 }),
    muon({ beta2: 0.9 }),
    rmsprop({ momentum: 0.9 }),
  ])
    it(`ends as zero, not as a number that a processor is slow with: ${optimizer.name} ${JSON.stringify(optimizer)}`, () => {
      const { floats, run } = kernelBench(relaxedArithmetic, (emitter) =>
        emitOptimizer(emitter, optimizer, { address: place.numbers }),
      );
      const of = (address: number) => floats.subarray(address / 4, address / 4 + 4);
      const states = stateNames(optimizer).map((_, index) => of(index === 0 ? place.first : place.second));
      of(place.numbers).set(stepNumbers(optimizer, 1000, 0.01));
      of(place.weights).set([1, -1, 0.5, 2]);
      for (const state of states) state.set([2 ** -110, 1.2 * least, least / 2, 2 ** -149]);
      const step = () => run({ ...place, bytes: 16 });
      step();
      for (const state of states) assert.deepEqual(state.slice(1), Float32Array.of(1.08 * least, 0, 0));
      for (let more = 0; more < 200; more++) step();
      for (const state of states) assert.deepEqual(state, Float32Array.of(0, 0, 0, 0));
      of(place.gradients).set([1, -1, Number.NaN, Number.POSITIVE_INFINITY]);
      step();
      assert.deepEqual(Array.from(of(place.weights), Number.isFinite), [true, true, false, false]);
    });
});
