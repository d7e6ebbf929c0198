import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "../../node/platform.js";
import { portableArithmetic } from "./arithmetic.js";
import { emitClip, emitSquareSum } from "./clip.js";
import { clipByGlobalNorm } from "./reference/clip.js";
import { kernelBench } from "./testing/kernel-bench.js";

const length = 16;
const places = { sums: 64, gradients: 256 };

/** Two shares of gradients, clipped together as the engine does. */
function clipped(shares: readonly Float32Array[], clipNorm: number): Float64Array[] {
  const sums = shares.map((share) => {
    const { floats, run } = kernelBench(portableArithmetic, emitSquareSum);
    floats.set(share, places.gradients / 4);
    run({ from: places.gradients, bytes: length * 4, out: places.sums });
    return floats[places.sums / 4];
  });
  return shares.map((share) => {
    const { floats, run } = kernelBench(portableArithmetic, (emitter) =>
      emitClip(emitter, { count: shares.length, clipNorm }),
    );
    floats.set(sums, places.sums / 4);
    floats.set(share, places.gradients / 4);
    run({ sums: places.sums, gradients: places.gradients, bytes: length * 4 });
    return Float64Array.from(floats.subarray(places.gradients / 4, places.gradients / 4 + length));
  });
}

/** Factors next to nothing have few digits: of gradients near the largest float32 the norm comes out less exactly. */
const filled = (value: number): Float32Array => new Float32Array(length).fill(value);

describe("the kernels of clipping", () => {
  for (const [one, other] of [
    [0.5, 3],
    [1e-3, 2e19],
    [1e18, 1e19],
    [3e38, 2e38],
    [0, 3.4e38],
  ])
    for (const clipNorm of [1, 1e-3])
      it(`clip gradients of ${one} and ${other} to ${clipNorm}, as the twin does`, () => {
        const shares = [filled(one), filled(other)];
        const expected = shares.map((share) => Float64Array.from(share));
        clipByGlobalNorm(expected, clipNorm);
        clipped(shares, clipNorm).forEach((values, share) => {
          for (const [at, value] of values.entries())
            assert.ok(
              Math.abs(value - expected[share][at]) <= (other > 1e30 ? 1e-3 : 1e-5) * clipNorm,
              `${value}, not ${expected[share][at]}`,
            );
        });
      });

  it("leave what is no number, and what is infinite, as no number", () => {
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const [, second] = clipped([filled(1), filled(value)], 1);
      assert.ok(second.every(Number.isNaN));
    }
  });
});
