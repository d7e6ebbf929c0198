import assert from "node:assert/strict";
import { describe, it } from "node:test";
import "../../node/platform.js";
import { activationNames } from "../layers/index.js";
import { type FunctionReference, i32, v128 } from "../wasm/index.js";
import {
  type ActivationKind,
  activationFacts,
  emitActivation,
  emitActivationApart,
  emitActivationGradient,
  emitActivationGradientApart,
} from "./activation.js";
import { portableArithmetic, relaxedArithmetic } from "./arithmetic.js";
import type { Emitter } from "./emitter.js";
import { exp, expm1 } from "./exponential.js";
import { emitClearPadding } from "./fill.js";
import { activationBackward, activationForward } from "./reference/activations.js";
import { kernelBench } from "./testing/kernel-bench.js";

/** The distance from one float32 of this size to the next. */
function ulp(value: number): number {
  const exponent = Math.max(-126, Math.floor(Math.log2(Math.abs(value))));
  return 2 ** (exponent - 23);
}

/** Numbers from `from` to `to`, exact in float32, as many as fit four lanes. */
const spread = (from: number, to: number, count = 20_000): Float32Array =>
  Float32Array.from({ length: count }, (_, index) => from + ((to - from) * index) / (count - 1));

const emitFunction = (of: typeof expm1) => (emitter: Emitter) =>
  emitter.module.function(["address", "end"], (f, { address, end }) => {
    f.while(i32.ltU(address, end), () => {
      const x = f.let(v128.load(address));
      f.do(
        v128.store(
          address,
          of(emitter.arithmetic, x, (value) => f.let(value)),
        ),
      );
      f.add(address, 16);
    });
  });

const emitExp = emitFunction(exp);

const kinds = activationNames.flatMap((name): ActivationKind[] => (name === "linear" ? [] : [name]));

/** Where slopes and values change, far outside, near 0, and all between. */
const telling = Float32Array.of(
  ...[0, 1e-7, 1e-4, 0.01, 0.5, 1, 2.9, 3, 3.1, 5.9, 6, 6.1, 20, 80, 1e4],
  ...[-1e-7, -1e-4, -0.01, -0.5, -1, -2.9, -3, -3.1, -5.9, -6, -20, -80, -1e4],
);

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

    it("expm1 is within six units in the last place of Math.expm1, near 0 too", () => {
      for (const x of [spread(-20, 20), spread(-1e-3, 1e-3), spread(-0.4, 0.4)])
        assert.ok(worst(x, applied(emitFunction(expm1), x), Math.expm1, ulp) <= 6);
    });

    for (const kind of kinds) {
      for (const negativeSlope of kind === "leakyRelu" ? [undefined, 0.2] : [undefined]) {
        const settings = { kind, negativeSlope };
        const exact = (x: number): number =>
          activationForward({ name: kind, negativeSlope }, Float64Array.of(x))[0];
        const slope = (x: number): number =>
          activationBackward({ name: kind, negativeSlope }, Float64Array.of(x), Float64Array.of(1))[0];
        const name = negativeSlope ? `${kind} of slope ${negativeSlope}` : kind;

        it(`${name} is its twin's, in place and apart`, () => {
          for (const x of [spread(-12, 12), telling]) {
            const y = applied((emitter) => emitActivation(emitter, settings), x);
            // Of the value where that is large, of 1 where it is small.
            assert.ok(worst(x, y, exact, (value) => Math.max(1, Math.abs(value))) < 4e-7);
            const bench = kernelBench(arithmetic, (emitter) => emitActivationApart(emitter, settings));
            bench.floats.set(x, 0);
            bench.run({ from: 0, end: x.length * 4, to: x.length * 4 });
            assert.deepEqual(bench.floats.slice(0, x.length), x);
            assert.deepEqual(bench.floats.slice(x.length, 2 * x.length), y);
          }
        });

        it(`${name}'s gradient is its twin's`, () => {
          const x = telling;
          const g = Float32Array.from(x, (_, at) => 1 + (at % 7) / 8);
          const fromOutput = activationFacts(kind).slopeFrom === "output";
          const at = fromOutput ? applied((emitter) => emitActivation(emitter, settings), x) : x;
          const bench = fromOutput
            ? kernelBench(arithmetic, (emitter) => emitActivationGradient(emitter, settings))
            : kernelBench(arithmetic, (emitter) => emitActivationGradientApart(emitter, settings));
          const end = x.length * 4;
          bench.floats.set(g, 0);
          bench.floats.set(at, x.length);
          (bench.run as (places: Record<string, number>) => void)(
            fromOutput ? { gradient: 0, end, output: end } : { gradient: 0, end, input: end, to: 0 },
          );
          x.forEach((value, index) => {
            const wanted = g[index] * slope(value);
            assert.ok(
              Math.abs(bench.floats[index] - wanted) < 1e-6,
              `at ${value}: ${bench.floats[index]}, not ${wanted}`,
            );
          });
        });

        if (activationFacts(kind).keepsSign)
          it(`${name} is above zero just where its input is`, () => {
            const sizes = [
              0,
              1e-45,
              1e-38,
              1e-10,
              1e-8,
              3e-8,
              1e-7,
              0.4,
              1,
              1e4,
              1e38,
              Number.POSITIVE_INFINITY,
            ];
            const x = Float32Array.from([...sizes, ...sizes.map((size) => -size)]);
            const y = applied((emitter) => emitActivation(emitter, settings), x);
            assert.deepEqual(
              Array.from(y, (value) => value > 0),
              Array.from(x, (value) => value > 0),
            );
          });

        it(`${name} lets NaN be seen`, () => {
          const y = applied(
            (emitter) => emitActivation(emitter, settings),
            new Float32Array(4).fill(Number.NaN),
          );
          assert.ok(y.every(Number.isNaN));
        });
      }
    }

    it("sigmoid is within four units in the last place", () => {
      const x = spread(-80, 80);
      const y = applied((emitter) => emitActivation(emitter, { kind: "sigmoid" }), x);
      const exact = (value: number): number => 1 / (1 + Math.exp(-value));
      assert.ok(worst(x, y, exact, ulp) <= 4);
    });

    it("tanh is within three units of the last place of 1", () => {
      const x = spread(-30, 30);
      const y = applied((emitter) => emitActivation(emitter, { kind: "tanh" }), x);
      assert.ok(worst(x, y, Math.tanh, () => 2 ** -24) <= 3);
      assert.deepEqual([y[0], y[y.length - 1]], [-1, 1]);
      assert.equal(
        applied((emitter) => emitActivation(emitter, { kind: "tanh" }), new Float32Array(4))[0],
        0,
      );
    });
  });
}

describe("activation kernels", () => {
  it("ReLU keeps what is positive, and NaN for a run to notice", () => {
    const bench = kernelBench(portableArithmetic, (emitter) => emitActivation(emitter, { kind: "relu" }));
    bench.floats.set([-1, 0, 2.5, Number.NaN]);
    bench.run({ address: 0, end: 16 });
    assert.deepEqual([...bench.floats.subarray(0, 4)], [0, 0, 2.5, Number.NaN]);
  });

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
