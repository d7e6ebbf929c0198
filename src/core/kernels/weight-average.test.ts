import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "../../node/platform.js";
import { createRandom } from "../random.js";
import { portableArithmetic, relaxedArithmetic } from "./arithmetic.js";
import { weightAverageStep } from "./reference/weight-average.js";
import { kernelBench } from "./testing/kernel-bench.js";
import { emitWeightAverage } from "./weight-average.js";

const length = 24;
const place = { share: 0, average: 64, weights: 512 };

describe("the kernel of a weight average", () => {
  for (const [name, arithmetic] of Object.entries({ portableArithmetic, relaxedArithmetic }))
    it(`moves as its twin does, and nothing beside it: ${name}`, () => {
      const { floats, run } = kernelBench(arithmetic, (emitter) =>
        emitWeightAverage(emitter, { address: place.share }),
      );
      const random = createRandom(4);
      const drawn = () => Float32Array.from({ length }, () => random.normal());
      for (const share of [0.001, 0.25, 0.9]) {
        const [average, weights] = [drawn(), drawn()];
        floats.fill(7);
        floats[place.share / 4] = share;
        floats.set(average, place.average / 4);
        floats.set(weights, place.weights / 4);
        run({ average: place.average, weights: place.weights, bytes: length * 4 });
        const twin = Float64Array.from(average);
        weightAverageStep(twin, weights, share);
        const first = place.average / 4;
        twin.forEach((value, at) => {
          assert.ok(
            Math.abs(floats[first + at] - value) < 1e-6,
            `${at}: ${floats[first + at]}, not ${value}`,
          );
        });
        assert.deepEqual([floats[first - 1], floats[first + length]], [7, 7]);
        assert.deepEqual(floats.slice(place.weights / 4, place.weights / 4 + length), weights);
      }
    });

  it("is the weights themselves from nothing with a share of 1", () => {
    const { floats, run } = kernelBench(portableArithmetic, (emitter) =>
      emitWeightAverage(emitter, { address: place.share }),
    );
    const weights = Float32Array.of(1e-30, -3.3, 1e30, 0.1);
    floats[place.share / 4] = 1;
    floats.set(weights, place.weights / 4);
    run({ average: place.average, weights: place.weights, bytes: 16 });
    assert.deepEqual(floats.slice(place.average / 4, place.average / 4 + 4), weights);
  });
});
