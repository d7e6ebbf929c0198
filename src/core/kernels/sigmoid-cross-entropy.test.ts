import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "../../node/platform.js";
import { createRandom } from "../random.js";
import { portableArithmetic, relaxedArithmetic } from "./arithmetic.js";
import { sigmoidCrossEntropy } from "./reference/sigmoid-cross-entropy.js";
import { emitSigmoid, emitSigmoidCrossEntropy } from "./sigmoid-cross-entropy.js";
import { kernelBench } from "./testing/kernel-bench.js";

const place = { logits: 0, output: 4096, parts: 8192, weight: 12_288, targets: 16_384 };

for (const arithmetic of [relaxedArithmetic, portableArithmetic]) {
  describe(`sigmoid cross-entropy in ${arithmetic.relaxed ? "relaxed" : "portable"} arithmetic`, () => {
    for (const labels of [1, 4, 5, 65, 1000]) {
      for (const labelSmoothing of [0, 0.1]) {
        it(`has the twin's loss and gradient: ${labels} labels, label smoothing ${labelSmoothing}`, () => {
          const shape = { labels, gradientScale: 1 / labels, labelSmoothing, weighted: true };
          const bench = kernelBench(arithmetic, (emitter) => emitSigmoidCrossEntropy(emitter, shape));
          const random = createRandom(labels);
          // Whatever lies behind the logits, such as a NaN, concerns nobody.
          bench.floats.fill(Number.NaN, 0, 1024);
          for (const weight of [1, 0.25]) {
            const logits = Float32Array.from({ length: labels }, () => 8 * random.normal());
            const targets = Float32Array.from(logits, (_, at) => (at % 3 === 0 ? random.uniform() : at % 2));
            bench.floats.set(logits, place.logits / 4);
            bench.floats.set([...targets, 0, 0, 0], place.targets / 4);
            bench.floats[place.weight / 4] = weight;
            bench.run(place);
            const twin = sigmoidCrossEntropy(Float64Array.from(logits), targets, labels, labelSmoothing, [
              weight,
            ]);
            const padded = 4 * Math.ceil(labels / 4);
            bench.floats.subarray(place.output / 4, place.output / 4 + padded).forEach((value, at) => {
              const expected = at < labels ? twin.gradient[at] : 0;
              assert.ok(Math.abs(value - expected) < 2e-7, `${at}: ${value}, not ${expected}`);
            });
            const loss = (weight * bench.floats[place.parts / 4]) / labels;
            assert.ok(Math.abs(loss / twin.losses[0] - 1) < 1e-6, `${loss}, not ${twin.losses[0]}`);
          }
        });
      }
    }

    it("stays finite for huge logits, and tells how small a small loss is", () => {
      const bench = kernelBench(arithmetic, (emitter) =>
        emitSigmoidCrossEntropy(emitter, { labels: 4, gradientScale: 1 }),
      );
      const lossOf = (logits: readonly number[], targets: readonly number[]): number => {
        bench.floats.set(logits, place.logits / 4);
        bench.floats.set(targets, place.targets / 4);
        bench.run(place);
        return bench.floats[place.parts / 4];
      };
      assert.ok(lossOf([1e30, -1e30, 1e30, -1e30], [1, 0, 1, 0]) < 1e-37);
      assert.ok(Math.abs(lossOf([-1e30, 0, 0, 0], [1, 0.5, 0.5, 0.5]) / 1e30 - 1) < 1e-6);
      const small = lossOf([20, 20, 20, 20], [1, 1, 1, 1]);
      assert.ok(Math.abs(small / (4 * Math.log1p(Math.exp(-20))) - 1) < 1e-6, `${small}`);
      assert.ok(Number.isNaN(lossOf([Number.NaN, 0, 0, 0], [0, 0, 0, 0])), "lets NaN through");
    });

    it("gives each label's probability, zeros behind them", () => {
      for (const labels of [3, 66]) {
        const bench = kernelBench(arithmetic, (emitter) => emitSigmoid(emitter, labels));
        const logits = Array.from({ length: labels }, (_, at) => [0, -90, 40, 2][at % 4]);
        bench.floats.set([...logits, Number.NaN, Number.NaN], place.logits / 4);
        bench.run(place);
        const { probabilities } = sigmoidCrossEntropy(Float64Array.from(logits), logits, labels);
        const padded = 4 * Math.ceil(labels / 4);
        bench.floats.subarray(place.output / 4, place.output / 4 + padded).forEach((p, at) => {
          const expected = at < labels ? probabilities[at] : 0;
          assert.ok(Math.abs(p - expected) < 2e-7, `${at}: ${p}, not ${expected}`);
        });
      }
    });
  });
}
