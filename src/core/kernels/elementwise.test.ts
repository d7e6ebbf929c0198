import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "../../node/platform.js";
import { type FunctionReference, i32, v128 } from "../wasm/index.js";
import { portableArithmetic, relaxedArithmetic } from "./arithmetic.js";
import { emitActivation, emitActivationGradient, emitClearPadding, emitDropout } from "./elementwise.js";
import type { Emitter } from "./emitter.js";
import { exp } from "./exponential.js";
import { dropoutKeeps } from "./reference/dropout.js";
import { kernelBench } from "./testing/kernel-bench.js";

/** The distance from one float32 of this size to the next. */
function ulp(value: number): number {
  const exponent = Math.max(-126, Math.floor(Math.log2(Math.abs(value))));
  return 2 ** (exponent - 23);
}

/** Numbers from `from` to `to`, exact in float32, as many as fit four lanes. */
const spread = (from: number, to: number, count = 20_000): Float32Array =>
  Float32Array.from({ length: count }, (_, index) => from + ((to - from) * index) / (count - 1));

function emitExp(emitter: Emitter) {
  return emitter.module.function(["address", "end"], (f, { address, end }) => {
    f.while(i32.ltU(address, end), () => {
      f.do(
        v128.store(
          address,
          exp(emitter.arithmetic, v128.load(address), (value) => f.let(value)),
        ),
      );
      f.add(address, 16);
    });
  });
}

for (const arithmetic of [relaxedArithmetic, portableArithmetic]) {
  const applied = (
    emit: (emitter: Emitter) => FunctionReference<"address" | "end">,
    x: Float32Array,
  ): Float32Array => {
    const bench = kernelBench(arithmetic, emit);
    bench.floats.set(x, 4);
    bench.run({ address: 16, end: 16 + x.length * 4 });
    assert.deepEqual([bench.floats[3], bench.floats[4 + x.length]], [0, 0], "nothing beside is touched");
    return bench.floats.slice(4, 4 + x.length);
  };
  const worst = (
    x: Float32Array,
    y: Float32Array,
    exact: (x: number) => number,
    unit: (exact: number) => number,
  ) => x.reduce((most, value, at) => Math.max(most, Math.abs(y[at] - exact(value)) / unit(exact(value))), 0);

  describe(`${arithmetic.relaxed ? "relaxed" : "portable"} functions of four lanes`, () => {
    it("exp is within two units in the last place of Math.exp", () => {
      const x = spread(-87, 88);
      assert.ok(worst(x, applied(emitExp, x), Math.exp, ulp) <= 2);
    });

    it("exp stays finite and positive far outside", () => {
      const x = Float32Array.of(-1e30, -200, 200, 1e30);
      const [lowest, low, high, highest] = applied(emitExp, x);
      assert.deepEqual([lowest, highest], [low, high]);
      assert.ok(lowest > 0 && lowest < 2e-38 && high > 1e38 && high < Number.POSITIVE_INFINITY);
    });

    it("exp gives NaN for NaN", () => {
      assert.ok(Number.isNaN(applied(emitExp, new Float32Array(4).fill(Number.NaN))[2]));
    });

    it("sigmoid is within four units in the last place", () => {
      const x = spread(-80, 80);
      const y = applied((emitter) => emitActivation(emitter, "sigmoid"), x);
      const exact = (value: number): number => 1 / (1 + Math.exp(-value));
      assert.ok(worst(x, y, exact, ulp) <= 4);
    });

    it("tanh is within three units of the last place of 1", () => {
      const x = spread(-30, 30);
      const y = applied((emitter) => emitActivation(emitter, "tanh"), x);
      assert.ok(worst(x, y, Math.tanh, () => 2 ** -24) <= 3);
      assert.deepEqual([y[0], y[y.length - 1]], [-1, 1]);
      assert.equal(applied((emitter) => emitActivation(emitter, "tanh"), new Float32Array(4))[0], 0);
    });
  });
}

describe("activation kernels", () => {
  it("ReLU keeps what is positive, and NaN for a run to notice", () => {
    const bench = kernelBench(portableArithmetic, (emitter) => emitActivation(emitter, "relu"));
    bench.floats.set([-1, 0, 2.5, Number.NaN]);
    bench.run({ address: 0, end: 16 });
    assert.deepEqual([...bench.floats.subarray(0, 4)], [0, 0, 2.5, Number.NaN]);
  });

  const slopes = {
    relu: (y: number) => (y > 0 ? 1 : 0),
    tanh: (y: number) => 1 - y * y,
    sigmoid: (y: number) => y * (1 - y),
  };
  for (const kind of ["relu", "tanh", "sigmoid"] as const) {
    it(`${kind}'s gradient follows from its output`, () => {
      const bench = kernelBench(portableArithmetic, (emitter) => emitActivationGradient(emitter, kind));
      const outputs = [0, 0.25, 0.5, 0.75, 1, 0.125, kind === "sigmoid" ? 0.9 : -0.9, 0.3];
      const gradients = [1, -2, 3, -4, 5, -6, 7, -8];
      bench.floats.set(gradients, 0);
      bench.floats.set(outputs, 16);
      bench.run({ gradient: 0, end: 32, output: 64 });
      outputs.forEach((y, at) => {
        assert.ok(
          Math.abs(bench.floats[at] - gradients[at] * slopes[kind](y)) < 1e-6,
          `at ${y}: ${bench.floats[at]}`,
        );
      });
    });
  }

  for (const channels of [1, 2, 3, 5, 11]) {
    it(`zeroes the padding of ${channels} channels alone`, () => {
      const bench = kernelBench(portableArithmetic, (emitter) => emitClearPadding(emitter, channels));
      const width = 4 * Math.ceil(channels / 4);
      bench.floats.fill(0.5, 0, 3 * width + 4);
      bench.run({ address: 0, end: 3 * width * 4 });
      const expected = Array.from({ length: 3 * width }, (_, at) => (at % width < channels ? 0.5 : 0));
      assert.deepEqual([...bench.floats.subarray(0, 3 * width + 4)], [...expected, 0.5, 0.5, 0.5, 0.5]);
    });
  }
});

describe("the dropout kernel", () => {
  const count = 40_000;
  for (const rate of [0.1, 0.25, 0.5, 0.9]) {
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
