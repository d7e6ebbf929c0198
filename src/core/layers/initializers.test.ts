import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { initialize } from "./initializers.js";
import type { Initializer, Shape } from "./layer.js";

const values = (initializer: Initializer, shape: Shape, seed = 1, streamIndex = 0) =>
  initialize({ name: "kernel", shape, initializer }, seed, streamIndex);

describe("kernels side by side", () => {
  const kernels = { count: 7, shape: [3, 3, 1, 2] };
  const spec = { name: "kernel", shape: [3, 3, 7, 2], kernels } as const;

  it("are each drawn by themselves: each channel's own numbers count as its inputs", () => {
    const drawn = initialize({ ...spec, initializer: "glorotUniform" }, 1, 0);
    const limit = Math.sqrt(6 / (9 + 18));
    assert.ok(drawn.every((value) => Math.abs(value) <= Math.fround(limit)));
    assert.ok(Math.max(...drawn) > 0.9 * limit);
  });

  it("are each orthogonal, and each pass their channel on", () => {
    const drawn = initialize({ ...spec, initializer: "orthogonal" }, 1, 0);
    const middle = initialize({ ...spec, initializer: "dirac" }, 1, 0);
    for (let kernel = 0; kernel < 7; kernel++) {
      const column = (q: number) => Array.from({ length: 9 }, (_, tap) => drawn[tap * 14 + kernel * 2 + q]);
      const product = (a: number, b: number) =>
        column(a).reduce((sum, value, at) => sum + value * column(b)[at], 0);
      assert.ok(Math.abs(product(0, 0) - 1) < 1e-6 && Math.abs(product(0, 1)) < 1e-6);
      for (let tap = 0; tap < 9; tap++)
        assert.deepEqual(
          [middle[tap * 14 + kernel * 2], middle[tap * 14 + kernel * 2 + 1]],
          [tap === 4 ? 1 : 0, 0],
        );
    }
  });
});

describe("diracUniform", () => {
  it("passes the input on, and draws what goes to outputs beyond it", () => {
    const drawn = values("diracUniform", [3, 3, 5, 12]);
    const passed = values("dirac", [3, 3, 5, 12]);
    const limit = Math.fround(1 / Math.sqrt(45));
    const beyond = drawn.filter((_, at) => at % 12 >= 5);
    assert.ok(drawn.every((value, at) => at % 12 >= 5 || value === passed[at]));
    assert.ok(beyond.every((value) => value !== 0 && Math.abs(value) <= limit));
    assert.ok(Math.max(...beyond) > 0.95 * limit && Math.min(...beyond) < -0.95 * limit);
    assert.deepEqual(values("diracUniform", [3, 3, 5, 4]), values("dirac", [3, 3, 5, 4]));
  });
});

describe("glorotUniform", () => {
  for (const [shape, fans] of [
    [[300, 200], 500],
    [[3, 3, 32, 64], 9 * (32 + 64)],
  ] as const) {
    it(`fills ± √(6 / ${fans}) evenly for [${shape}]`, () => {
      const limit = Math.sqrt(6 / fans);
      const drawn = values("glorotUniform", shape);
      const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
      const square = drawn.reduce((sum, value) => sum + value * value, 0) / drawn.length;
      assert.ok(drawn.every((value) => Math.abs(value) <= Math.fround(limit)));
      assert.ok(Math.max(...drawn) > 0.99 * limit && Math.min(...drawn) < -0.99 * limit);
      assert.ok(Math.abs(mean) < 0.02 * limit);
      assert.ok(Math.abs(square / (limit * limit) - 1 / 3) < 0.01);
    });
  }

  it("repeats itself for a seed and a stream, and for no other", () => {
    const drawn = values("glorotUniform", [4, 5], 7, 2);
    assert.deepEqual(values("glorotUniform", [4, 5], 7, 2), drawn);
    assert.notDeepEqual(values("glorotUniform", [4, 5], 8, 2), drawn);
    assert.notDeepEqual(values("glorotUniform", [4, 5], 7, 3), drawn);
  });
});

describe("initializers by fans", () => {
  const shape = [3, 3, 40, 80];
  const [fanIn, fanOut] = [9 * 40, 9 * 80];
  const variances: readonly [Initializer, number, number?][] = [
    ["glorotUniform", 2 / (fanIn + fanOut)],
    ["glorotNormal", 2 / (fanIn + fanOut)],
    ["heUniform", 2 / fanIn],
    ["heNormal", 2 / fanIn],
    // Of a normal cut at two deviations: 0.7737 of the whole variance.
    ["truncatedNormal", 0.02 ** 2 * 0.7737, 0.04],
  ];
  for (const [name, variance, limit = Number.POSITIVE_INFINITY] of variances) {
    it(`${name} has its variance`, () => {
      const drawn = values(name, shape);
      const mean = drawn.reduce((sum, value) => sum + value, 0) / drawn.length;
      const square = drawn.reduce((sum, value) => sum + value * value, 0) / drawn.length;
      assert.ok(Math.abs(mean) < 0.02 * Math.sqrt(variance));
      assert.ok(Math.abs(square / variance - 1) < 0.03, `${square / variance}`);
      assert.ok(drawn.every((value) => Math.abs(value) <= limit));
    });
  }

  it("orthogonal takes a convolution's window with its inputs", () => {
    const drawn = values("orthogonal", [2, 2, 3, 4]);
    assert.deepEqual(drawn, values("orthogonal", [12, 4]));
  });

  it("dirac passes channels on, in the middle of the window", () => {
    const drawn = values("dirac", [3, 2, 2, 3]);
    const ones = [...drawn.keys()].filter((at) => drawn[at] !== 0);
    // [1, 1, 0, 0] and [1, 1, 1, 1].
    assert.deepEqual(ones, [(3 * 2 + 0) * 3 + 0, (3 * 2 + 1) * 3 + 1]);
    assert.ok(ones.every((at) => drawn[at] === 1));
    assert.deepEqual(values("dirac", [2, 3]), Float32Array.of(1, 0, 0, 0, 1, 0));
  });
});

describe("orthogonal", () => {
  it("makes the rows or the columns, whichever are fewer, orthonormal", () => {
    const size = fc.integer({ min: 1, max: 12 });
    fc.assert(
      fc.property(size, size, fc.nat(), (rows, columns, seed) => {
        const matrix = values("orthogonal", [rows, columns], seed);
        const [count, length] = rows <= columns ? [rows, columns] : [columns, rows];
        const at = (vector: number, element: number) =>
          rows <= columns ? matrix[vector * columns + element] : matrix[element * columns + vector];
        for (let a = 0; a < count; a++) {
          for (let b = 0; b <= a; b++) {
            let dot = 0;
            for (let element = 0; element < length; element++) dot += at(a, element) * at(b, element);
            assert.ok(Math.abs(dot - (a === b ? 1 : 0)) < 1e-5, `${a}·${b} = ${dot}`);
          }
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("zeros and lstmBias", () => {
  it("are zero but for the forget gate", () => {
    assert.deepEqual(values("zeros", [3]), new Float32Array(3));
    assert.deepEqual(values("lstmBias", [8]), Float32Array.of(0, 0, 1, 1, 0, 0, 0, 0));
  });
});
