import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { createRandom } from "../../random.js";
import { sigmoidCrossEntropy } from "./sigmoid-cross-entropy.js";
import { distilledCrossEntropy, softmaxCrossEntropy } from "./softmax-cross-entropy.js";

const losses = { softmaxCrossEntropy, sigmoidCrossEntropy };

describe("the losses' twins", () => {
  for (const [name, lossOf] of Object.entries(losses)) {
    it(`${name} has the slope of its loss for a gradient`, () => {
      const classes = fc.integer({ min: 1, max: 5 });
      const smoothing = fc.constantFrom(0, 0.2);
      fc.assert(
        fc.property(classes, smoothing, fc.nat(), (classes, smoothing, seed) => {
          const random = createRandom(seed);
          const batch = 2;
          const logits = Float64Array.from({ length: batch * classes }, () => 3 * random.normal());
          const targets = Float64Array.from(logits, () => random.uniform());
          if (name === "softmaxCrossEntropy") {
            for (let at = 0; at < targets.length; at += classes) {
              const row = targets.subarray(at, at + classes);
              const sum = row.reduce((whole, share) => whole + share, 0);
              for (let label = 0; label < classes; label++) row[label] /= sum;
            }
          }
          const weights = [0.5, 2];
          const mean = (of: Float64Array): number =>
            lossOf(of, targets, classes, smoothing, weights).losses.reduce((sum, each) => sum + each, 0) /
            batch;
          const { gradient } = lossOf(logits, targets, classes, smoothing, weights);
          const step = 1e-5;
          gradient.forEach((slope, at) => {
            const moved = (by: number) => mean(logits.map((z, index) => (index === at ? z + by : z)));
            const measured = (moved(step) - moved(-step)) / (2 * step);
            assert.ok(Math.abs(slope - measured) < 1e-8, `[${at}]: ${slope}, not ${measured}`);
          });
        }),
      );
    });
  }

  it("distilledCrossEntropy has the slope of its loss for a gradient", () => {
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        share,
        fc.double({ min: 0.5, max: 4, noNaN: true }),
        fc.nat(),
        (weight, temperature, seed) => {
          const random = createRandom(seed);
          const logits = Float64Array.from({ length: 4 }, () => 3 * random.normal());
          const taught = softmaxCrossEntropy(
            Float64Array.from(logits, () => random.normal()),
            [1, 0, 0, 0],
            4,
          );
          const targets = { own: [0, 1, 0, 0], taught: taught.probabilities };
          const of = (z: Float64Array) => distilledCrossEntropy(z, targets, { weight, temperature });
          const step = 1e-5;
          of(logits).gradient.forEach((slope, at) => {
            const moved = (by: number) => of(logits.map((z, index) => (index === at ? z + by : z))).loss;
            const measured = (moved(step) - moved(-step)) / (2 * step);
            assert.ok(Math.abs(slope - measured) < 1e-7, `[${at}]: ${slope}, not ${measured}`);
          });
        },
      ),
    );
  });

  it("have the values worked out by hand", () => {
    const soft = softmaxCrossEntropy(Float64Array.of(0, Math.log(3)), [0.5, 0.5], 2);
    assert.ok(Math.abs(soft.losses[0] - (Math.log(4) + Math.log(4 / 3)) / 2) < 1e-12);
    const binary = sigmoidCrossEntropy(Float64Array.of(0, Math.log(3)), [1, 0], 2);
    assert.ok(Math.abs(binary.losses[0] - (Math.log(2) + Math.log(4)) / 2) < 1e-12);
    const hand = [
      [0.5, 0.75],
      [-0.25, 0.375],
    ];
    [binary.probabilities, binary.gradient].forEach((values, row) => {
      values.forEach((value, at) => {
        assert.ok(Math.abs(value - hand[row][at]) < 1e-12, `${value}, not ${hand[row][at]}`);
      });
    });
    assert.equal(sigmoidCrossEntropy(Float64Array.of(1000, -1000), [0, 1], 2).losses[0], 1000);
  });
});
