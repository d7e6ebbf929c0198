import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { initialize } from "./initializers.js";
import type { Initializer, Shape } from "./layer.js";

const values = (initializer: Initializer, shape: Shape, seed = 1, streamIndex = 0) =>
  initialize({ name: "kernel", shape, initializer }, seed, streamIndex);

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
