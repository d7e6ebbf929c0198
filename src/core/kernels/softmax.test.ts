import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "../../node/platform.js";
import { createRandom } from "../random.js";
import { portableArithmetic, relaxedArithmetic } from "./arithmetic.js";
import { distilledCrossEntropy, oneHot, softmaxCrossEntropy } from "./reference/softmax-cross-entropy.js";
import { emitSoftmax } from "./softmax.js";
import { type KernelBench, kernelBench } from "./testing/kernel-bench.js";

const place = { logits: 0, output: 4096, parts: 8192, weight: 12_288, targets: 16_384 };

type SoftmaxBench = KernelBench<keyof typeof place | "target">;

function run(bench: SoftmaxBench, logits: readonly number[], target: number): Float32Array {
  const padded = 4 * Math.ceil(logits.length / 4);
  bench.floats.set(logits, place.logits / 4);
  bench.run({ ...place, target });
  return bench.floats.slice(place.output / 4, place.output / 4 + padded);
}

/** As the network makes it of the four parts. */
function lossOf({ floats }: SoftmaxBench, smoothing: number): number {
  const [largest, sum, own, mean] = floats.subarray(place.parts / 4, place.parts / 4 + 4);
  return largest + Math.log(sum) - (1 - smoothing) * own - smoothing * mean;
}

for (const arithmetic of [relaxedArithmetic, portableArithmetic]) {
  describe(`softmax in ${arithmetic.relaxed ? "relaxed" : "portable"} arithmetic`, () => {
    for (const classes of [2, 3, 4, 10, 17, 64, 65, 1000]) {
      for (const labelSmoothing of [0, 0.1, 1]) {
        it(`has the twin's loss and gradient: ${classes} classes, label smoothing ${labelSmoothing}`, () => {
          const gradientScale = 1 / 8;
          const bench = kernelBench(arithmetic, (emitter) =>
            emitSoftmax(emitter, { classes, gradientScale, labelSmoothing }),
          );
          const random = createRandom(classes);
          for (let label = 0; label < classes; label++) {
            const logits = Array.from({ length: classes }, () => Math.fround(4 * random.normal()));
            const gradient = run(bench, logits, label);
            const twin = softmaxCrossEntropy(
              Float64Array.from(logits),
              oneHot([label], classes),
              classes,
              labelSmoothing,
            );
            gradient.forEach((value, at) => {
              const expected = at < classes ? twin.gradient[at] * gradientScale : 0;
              assert.ok(Math.abs(value - expected) < 1e-7, `${at}: ${value}, not ${expected}`);
            });
            const loss = lossOf(bench, labelSmoothing);
            assert.ok(Math.abs(loss - twin.losses[0]) < 4e-6 * Math.max(1, twin.losses[0]), `${loss}`);
          }
        });
      }
    }

    for (const classes of [3, 10, 65]) {
      it(`takes probabilities for targets as the twin does: ${classes} classes`, () => {
        const shape = { classes, gradientScale: 1, labelSmoothing: 0.1, weighted: true, soft: true };
        const bench = kernelBench(arithmetic, (emitter) => emitSoftmax(emitter, shape));
        const random = createRandom(classes);
        bench.floats[place.weight / 4] = 0.5;
        for (let turn = 0; turn < 4; turn++) {
          const logits = Array.from({ length: classes }, () => Math.fround(4 * random.normal()));
          const shares = logits.map(() => random.uniform() ** 4);
          const sum = shares.reduce((whole, share) => whole + share, 0);
          const targets = shares.map((share) => Math.fround(share / sum));
          bench.floats.set([...targets, 0, 0, 0], place.targets / 4);
          const gradient = run(bench, logits, place.targets);
          const twin = softmaxCrossEntropy(Float64Array.from(logits), targets, classes, 0.1, [0.5]);
          gradient.forEach((value, at) => {
            const expected = at < classes ? twin.gradient[at] : 0;
            assert.ok(Math.abs(value - expected) < 2e-7, `${at}: ${value}, not ${expected}`);
          });
          const loss = 0.5 * lossOf(bench, 0.1);
          assert.ok(Math.abs(loss - twin.losses[0]) < 4e-6 * Math.max(1, twin.losses[0]), `${loss}`);
        }
      });
    }

    for (const classes of [3, 10, 65]) {
      it(`has the twin's loss and gradient of a distillation: ${classes} classes`, () => {
        const distillation = { weight: 0.7, temperature: 2.5 };
        const { weight, temperature } = distillation;
        const shape = { classes, gradientScale: 0.5, soft: true, distillation };
        const bench = kernelBench(arithmetic, (emitter) => emitSoftmax(emitter, shape));
        const random = createRandom(classes);
        for (let turn = 0; turn < 4; turn++) {
          const logits = Array.from({ length: classes }, () => Math.fround(4 * random.normal()));
          const own = oneHot([turn % classes], classes);
          const taught = softmaxCrossEntropy(
            Float64Array.from(logits, () => random.normal()),
            own,
            classes,
          ).probabilities;
          const targets = Array.from(own, (y, at) => (1 - weight) * y + weight * temperature * taught[at]);
          bench.floats.set([...targets, 0, 0, 0], place.targets / 4);
          const gradient = run(bench, logits, place.targets);
          const twin = distilledCrossEntropy(Float64Array.from(logits), { own, taught }, distillation);
          gradient.forEach((value, at) => {
            const expected = at < classes ? twin.gradient[at] / 2 : 0;
            assert.ok(Math.abs(value - expected) < 3e-7, `${at}: ${value}, not ${expected}`);
          });
          const [largest, sum, ofTargets, softSum] = bench.floats.subarray(
            place.parts / 4,
            place.parts / 4 + 4,
          );
          const loss =
            (1 - weight) * (largest + Math.log(sum)) +
            weight * temperature ** 2 * (largest / temperature + Math.log(softSum)) -
            ofTargets;
          assert.ok(Math.abs(loss - twin.loss) < 1e-5 * Math.max(1, twin.loss), `${loss}, not ${twin.loss}`);
        }
      });
    }

    it("weighs the gradient of a sample", () => {
      const bench = kernelBench(arithmetic, (emitter) =>
        emitSoftmax(emitter, { classes: 5, gradientScale: 1, weighted: true }),
      );
      const logits = [1, -2, 0.5, 3, 0].map(Math.fround);
      for (const weight of [0, 1, 2.5]) {
        bench.floats[place.weight / 4] = weight;
        const gradient = run(bench, logits, 2);
        const twin = softmaxCrossEntropy(Float64Array.from(logits), oneHot([2], 5), 5, 0, [weight]);
        twin.gradient.forEach((expected, at) => {
          assert.ok(Math.abs(gradient[at] - expected) < 1e-6, `${at}: ${gradient[at]}, not ${expected}`);
        });
        assert.ok(Math.abs(weight * lossOf(bench, 0) - twin.losses[0]) < 1e-5);
      }
    });

    it("gives probabilities, zeros behind them", () => {
      const bench = kernelBench(arithmetic, (emitter) => emitSoftmax(emitter, { classes: 3 }));
      const probabilities = run(bench, [1, 2, 3], 0);
      const expected = softmaxCrossEntropy(Float64Array.of(1, 2, 3), [1, 0, 0], 3).probabilities;
      [...expected, 0].forEach((value, at) => {
        assert.ok(Math.abs(probabilities[at] - value) < 1e-7);
      });
    });

    it("stays finite for huge logits, whatever lies in the padding", () => {
      const bench = kernelBench(arithmetic, (emitter) =>
        emitSoftmax(emitter, { classes: 3, gradientScale: 1 }),
      );
      bench.floats[3] = 1e38;
      const gradient = run(bench, [-1e30, 1e30, 0], 0);
      assert.deepEqual([...gradient].map(Math.round), [-1, 1, 0, 0]);
      assert.ok(Math.abs(lossOf(bench, 0) / 2e30 - 1) < 1e-6, `${lossOf(bench, 0)}`);
    });

    it("lets NaN through", () => {
      const bench = kernelBench(arithmetic, (emitter) =>
        emitSoftmax(emitter, { classes: 3, gradientScale: 1 }),
      );
      run(bench, [0, Number.NaN, 1], 0);
      assert.ok(Number.isNaN(lossOf(bench, 0)));
    });
  });
}
