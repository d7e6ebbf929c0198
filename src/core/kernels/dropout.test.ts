import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "../../node/platform.js";
import { portableArithmetic } from "./arithmetic.js";
import { emitDropout } from "./dropout.js";
import { dropoutKeeps } from "./reference/dropout.js";
import { kernelBench } from "./testing/kernel-bench.js";

describe("the dropout kernel", () => {
  const count = 40_000;
  for (const rate of [0.1, 0.25, 0.5, 0.9, 0.99]) {
    it(`keeps what its twin keeps at rate ${rate}, scaled, and zeroes about that share`, () => {
      const bench = kernelBench(portableArithmetic, (emitter) => emitDropout(emitter, rate));
      const [key, first] = [0xdeadbeef | 0, 1_000_000_000];
      bench.floats.fill(3, 0, count);
      bench.run({ from: 0, to: count * 4, bytes: count * 4, key, firstIndex: first });
      const kept = bench.floats.subarray(count, 2 * count);
      const scale = Math.fround(3 * Math.fround(1 / (1 - rate)));
      kept.forEach((value, index) => {
        assert.equal(value, dropoutKeeps(rate, key, first + index) ? scale : 0);
      });
      const zeros = kept.filter((value) => value === 0).length;
      // Four standard deviations of a binomial.
      assert.ok(
        Math.abs(zeros - rate * count) < 4 * Math.sqrt(count * rate * (1 - rate)),
        `${zeros} of ${count}`,
      );
    });
  }

  it("keeps what has the largest hash at any rate, as its twin does", () => {
    const rate = 1 - 1e-8;
    const bench = kernelBench(portableArithmetic, (emitter) => emitDropout(emitter, rate));
    bench.floats.fill(1, 0, 8);
    bench.run({ from: 0, to: 32, bytes: 32, key: 7, firstIndex: 667_384 });
    const kept = [...bench.floats.subarray(8, 16)].map((value) => value !== 0);
    assert.deepEqual(
      kept,
      kept.map((_, index) => dropoutKeeps(rate, 7, 667_384 + index)),
    );
    assert.equal(kept[3], true);
  });

  it("draws another mask for another key", () => {
    const masks = [1, 2].map((key) => {
      const bench = kernelBench(portableArithmetic, (emitter) => emitDropout(emitter, 0.5));
      bench.floats.fill(1, 0, 4096);
      bench.run({ from: 0, to: 0, bytes: 16_384, key, firstIndex: 0 });
      return bench.floats.slice(0, 4096);
    });
    const alike = masks[0].filter((value, index) => value === masks[1][index]).length;
    assert.ok(Math.abs(alike - 2048) < 4 * 32, `${alike} of 4096 alike`);
  });
});
