import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom } from "../random.js";
import {
  transposed,
  type WinogradTransform,
  winograd2,
  winograd2of5,
  winograd3,
  winograd4,
} from "./winograd-transforms.js";

type Matrix = readonly (readonly number[])[];

const multiply = (a: Matrix, b: Matrix): number[][] =>
  a.map((row) =>
    b[0].map((_, column) => row.reduce((sum, value, index) => sum + value * b[index][column], 0)),
  );

const bothWays = (matrix: Matrix, x: Matrix): number[][] => multiply(multiply(matrix, x), transposed(matrix));

function convolved(d: Matrix, g: Matrix, outputs: number): number[][] {
  const each = Array.from({ length: outputs }, (_, index) => index);
  return each.map((y) =>
    each.map((x) =>
      g.reduce((sum, row, i) => sum + row.reduce((part, weight, j) => part + weight * d[y + i][x + j], 0), 0),
    ),
  );
}

const transforms: Readonly<Record<string, WinogradTransform>> = {
  winograd2,
  winograd3,
  winograd4,
  winograd2of5,
};

describe("Winograd's transforms", () => {
  for (const [name, { outputs, taps, points, input, weight, output, opposites = [] }] of Object.entries(
    transforms,
  )) {
    it(`${name} is a convolution, exactly but for the rounding of its own numbers`, () => {
      const random = createRandom(1);
      const square = (size: number): Matrix =>
        Array.from({ length: size }, () => Array.from({ length: size }, () => random.uniform() - 0.5));
      for (let trial = 0; trial < 20; trial++) {
        const [d, g] = [square(points), square(taps)];
        const [u, v] = [bothWays(weight, g), bothWays(input, d)];
        const products = u.map((row, i) => row.map((value, j) => value * v[i][j]));
        const got = bothWays(output, products);
        const want = convolved(d, g, outputs);
        for (let y = 0; y < outputs; y++)
          for (let x = 0; x < outputs; x++) assert.ok(Math.abs(got[y][x] - want[y][x]) < 1e-12);
      }
    });

    it(`${name} says which points are opposite`, () => {
      const opposite = (a: readonly number[], b: readonly number[]) =>
        a.every((value, index) => Math.abs(value) === Math.abs(b[index]));
      for (const [one, other] of opposites) {
        assert.ok(opposite(input[one], input[other]) && opposite(weight[one], weight[other]));
        const columns = transposed(output);
        assert.ok(opposite(columns[one], columns[other]));
      }
    });
  }
});
