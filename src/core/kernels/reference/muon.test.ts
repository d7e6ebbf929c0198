import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { muon } from "../../optimizers/index.js";
import { createRandom } from "../../random.js";
import { newtonSchulz } from "./muon.js";
import { optimizerState, optimizerStep } from "./optimizers.js";

const random = (length: number, seed: number): Float64Array => {
  const { uniform } = createRandom(seed);
  return Float64Array.from({ length }, () => uniform() - 0.5);
};

/** Singular values, largest first, by one-sided Jacobi rotations of the rows. */
function singularValues(matrix: Float64Array, rows: number, columns: number): number[] {
  const x = Array.from({ length: rows }, (_, row) => matrix.slice(row * columns, (row + 1) * columns));
  const dot = (a: Float64Array, b: Float64Array): number =>
    a.reduce((sum, value, at) => sum + value * b[at], 0);
  for (let sweep = 0; sweep < 30; sweep++)
    for (let p = 0; p < rows; p++)
      for (let q = p + 1; q < rows; q++) {
        const angle = 0.5 * Math.atan2(2 * dot(x[p], x[q]), dot(x[p], x[p]) - dot(x[q], x[q]));
        const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
        const first = x[p].map((value, at) => cos * value + sin * x[q][at]);
        x[q] = x[q].map((value, at) => cos * value - sin * x[p][at]);
        x[p] = first;
      }
  return x.map((row) => Math.sqrt(dot(row, row))).sort((a, b) => b - a);
}

function assertClose(actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance = 1e-12): void {
  assert.equal(actual.length, expected.length);
  Array.from(actual).forEach((value, at) => {
    assert.ok(Math.abs(value - expected[at]) <= tolerance, `${at}: ${value}, not ${expected[at]}`);
  });
}

describe("Newton–Schulz", () => {
  for (const [rows, columns] of [
    [7, 12],
    [12, 7],
    [5, 40],
  ]) {
    it(`brings the singular values of ${rows} × ${columns} near one`, () => {
      for (const seed of [1, 2, 3]) {
        const matrix = random(rows * columns, seed);
        const before = singularValues(matrix, rows, columns).slice(0, Math.min(rows, columns));
        assert.ok(before[0] > 1.3 * before[before.length - 1], "they were not alike before");
        const moved = newtonSchulz(matrix, { rows, columns }, 5);
        for (const value of singularValues(moved, rows, columns).slice(0, Math.min(rows, columns)))
          assert.ok(value > 0.6 && value < 1.3, `${value}`);
      }
    });
  }

  it("takes each singular value by its own polynomial and keeps the directions", () => {
    // A diagonal matrix stays one; the norm of [3, 4] is 5.
    const step = (x: number): number => 3.4445 * x - 4.775 * x ** 3 + 2.0315 * x ** 5;
    assertClose(
      newtonSchulz(Float64Array.of(3, 0, 0, -4), { rows: 2, columns: 2 }, 1),
      [step(0.6), 0, 0, -step(0.8)],
      1e-6,
    );
    assertClose(
      newtonSchulz(Float64Array.of(3, 0, 0, -4), { rows: 2, columns: 2 }, 2),
      [step(step(0.6)), 0, 0, -step(step(0.8))],
      1e-6,
    );
  });

  it("gives the transpose's transpose", () => {
    const matrix = random(15, 4);
    const transposed = Float64Array.from(matrix, (_, at) => matrix[(at % 5) * 3 + Math.floor(at / 5)]);
    const wide = newtonSchulz(transposed, { rows: 3, columns: 5 }, 5);
    const tall = newtonSchulz(matrix, { rows: 5, columns: 3 }, 5);
    assertClose(
      wide,
      Float64Array.from(wide, (_, at) => tall[(at % 5) * 3 + Math.floor(at / 5)]),
    );
  });

  it("leaves zeros zero", () => {
    assertClose(newtonSchulz(new Float64Array(6), { rows: 2, columns: 3 }, 5), new Float64Array(6));
  });
});

describe("muon", () => {
  /** The weights after each gradient, from `start`, at learning rate 0.1. */
  function after(
    config: ReturnType<typeof muon>,
    start: number[],
    columns: number,
    ...gradients: number[][]
  ): Float64Array {
    const weights = Float64Array.from(start);
    const state = optimizerState(start.length);
    const shape = { rows: start.length / columns, columns };
    gradients.forEach((gradient, step) => {
      optimizerStep(config, weights, Float64Array.from(gradient), state, step, 0.1, shape);
    });
    return weights;
  }
  const plain = muon({ weightDecay: 0 });

  it("takes no heed of the gradient's size", () => {
    const [small, large] = [1e-3, 1e3].map((size) => after(plain, [1, 1, 1, 1], 2, [size, 0, 0, 2 * size]));
    assertClose(small, large, 1e-4);
  });

  it("decays apart from the momentum", () => {
    assertClose(after(muon({ weightDecay: 0.5 }), [1, -2], 1, [0, 0], [0, 0]), [0.9025, -1.805]);
  });

  it("moves by the root of outputs over inputs where there are more outputs", () => {
    const [tall, wide] = [1, 4].map((columns) => after(plain, [0, 0, 0, 0], columns, [1, 2, 3, 4]));
    assertClose(
      wide,
      tall.map((value) => 2 * value),
    );
  });

  it("sums gradients and looks ahead", () => {
    // After [1, 0] and [0, 1]: v = [μ, 1], and u = v, or [μ², 1 + μ] looking ahead.
    const direction = (nesterov: boolean): number => {
      const config = muon({ momentum: 0.5, nesterov, weightDecay: 0 });
      const first = after(config, [0, 0], 1, [1, 0]);
      const second = after(config, [0, 0], 1, [1, 0], [0, 1]);
      return (second[0] - first[0]) / (second[1] - first[1]);
    };
    assertClose([direction(false), direction(true)], [0.5, 0.25 / 1.5], 1e-9);
  });

  it("moves what it does not take as adamw does at a share of the rate", () => {
    const config = { ...muon({ adamShare: 0.25 }), epsilon: 1e-12 };
    const weights = Float64Array.of(1);
    optimizerStep(config, weights, Float64Array.of(-3), optimizerState(1), 0, 0.4);
    assertClose(weights, [1 - 0.1 * 0.01 + 0.1], 1e-9);
  });
});
