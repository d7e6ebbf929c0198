// What Winograd's tiles round away, by the points that they are made with:
//   npm run build && node dist/scripts/bench/tile-errors.js
// writes results/tile-errors.json: convolutions of random squares over 64 channels in float32, each operation
// rounded, against the same in double precision.
import {
  transposed,
  type WinogradTransform,
  winograd2,
  winograd2of5,
  winograd3,
  winograd4,
} from "#heddle/core/kernels/winograd-transforms.js";
import { createRandom } from "#heddle/core/random.js";
import type { TileErrorsFile } from "./result-files.js";
import { writeResult } from "./write-result.js";

type Matrix = readonly (readonly number[])[];
type Rounding = (value: number) => number;

const channels = 64;
const trials = 200;
const exact: Rounding = (value) => value;

/** Four by four outputs with the points 0, ±1, ±2, as Lavin and Gray 2016 have them. */
const usual: WinogradTransform = {
  outputs: 4,
  taps: 3,
  points: 6,
  input: [
    [4, 0, -5, 0, 1, 0],
    [0, -4, -4, 1, 1, 0],
    [0, 4, -4, -1, 1, 0],
    [0, -2, -1, 2, 1, 0],
    [0, 2, -1, -2, 1, 0],
    [0, 4, 0, -5, 0, 1],
  ],
  weight: [
    [1 / 4, 0, 0],
    [-1 / 6, -1 / 6, -1 / 6],
    [-1 / 6, 1 / 6, -1 / 6],
    [1 / 24, 1 / 12, 1 / 6],
    [1 / 24, -1 / 12, 1 / 6],
    [0, 0, 1],
  ],
  output: [
    [1, 1, 1, 1, 1, 0],
    [0, 1, -1, 2, -2, 0],
    [0, 1, 1, 4, 4, 0],
    [0, 1, -1, 8, -8, 1],
  ],
};

function multiply(a: Matrix, b: Matrix, round: Rounding): number[][] {
  return a.map((row) =>
    b[0].map((_, column) =>
      row.reduce((sum, value, index) => round(sum + round(round(value) * b[index][column])), 0),
    ),
  );
}

const bothWays = (matrix: Matrix, x: Matrix, round: Rounding): number[][] =>
  multiply(
    multiply(matrix, x, round),
    transposed(matrix).map((row) => row.map(round)),
    round,
  );

/** The outputs of one tile over all channels. */
function tileOf(
  transform: WinogradTransform,
  images: readonly Matrix[],
  kernels: readonly Matrix[],
  round: Rounding,
) {
  const { points, input, weight, output } = transform;
  const sums = Array.from({ length: points }, () => new Array<number>(points).fill(0));
  images.forEach((image, channel) => {
    const u = bothWays(weight, kernels[channel], round);
    const v = bothWays(input, image, round);
    for (let y = 0; y < points; y++)
      for (let x = 0; x < points; x++) sums[y][x] = round(sums[y][x] + round(u[y][x] * v[y][x]));
  });
  return bothWays(output, sums, round).flat();
}

function errorOf(transform: WinogradTransform): number {
  const random = createRandom(1);
  const square = (size: number): Matrix =>
    Array.from({ length: size }, () => Array.from({ length: size }, () => Math.fround(random.normal())));
  let [squares, all] = [0, 0];
  for (let trial = 0; trial < trials; trial++) {
    const images = Array.from({ length: channels }, () => square(transform.points));
    const kernels = Array.from({ length: channels }, () => square(transform.taps));
    const want = tileOf(transform, images, kernels, exact);
    const got = tileOf(transform, images, kernels, Math.fround);
    for (const [index, value] of want.entries()) {
      squares += (got[index] - value) ** 2;
      all += value ** 2;
    }
  }
  return Math.sqrt(squares / all);
}

function resultOf(
  transform: WinogradTransform,
  points: string,
  used = true,
): TileErrorsFile["results"][number] {
  const { outputs, taps } = transform;
  return { outputs, taps, points, used, error: errorOf(transform) };
}

const content: TileErrorsFile = {
  command: "node dist/scripts/bench/tile-errors.js",
  channels,
  trials,
  results: [
    resultOf(winograd2, "0, ±1, ∞"),
    resultOf(winograd3, "0, ±1, 2, ∞"),
    resultOf(winograd4, "0, ±2/3, ±3/2, ∞"),
    resultOf(usual, "0, ±1, ±2, ∞", false),
    resultOf(winograd2of5, "0, ±2/3, ±3/2, ∞"),
  ],
};
for (const { outputs, taps, points, error } of content.results)
  console.log(error.toExponential(2), outputs, taps, points);
writeResult("tile-errors.json", content);
