import { type FunctionBuilder, f32x4, type Local, type V128 } from "../wasm/index.js";
import type { Arithmetic } from "./arithmetic.js";

/**
 * Winograd's minimal filtering F(m, r): m outputs of a filter of r taps with m + r − 1 products instead of m · r
 * (Winograd 1980; for convolutions Lavin and Gray 2016): y = Aᵀ[(G g) ∘ (Bᵀ d)]. In two dimensions each matrix
 * is used along both axes.
 */
export interface WinogradTransform {
  /** Outputs along an axis. */
  readonly outputs: number;
  /** Weights along an axis. */
  readonly taps: number;
  /** Inputs, and products, along an axis: outputs + taps − 1. */
  readonly points: number;
  /** Bᵀ, [points][points]. */
  readonly input: readonly (readonly number[])[];
  /** G, [points][taps]. */
  readonly weight: readonly (readonly number[])[];
  /** Aᵀ, [outputs][points]. */
  readonly output: readonly (readonly number[])[];
  /** Points that are each other's negatives, by their numbers: what they share is worked out once. */
  readonly opposites?: readonly (readonly [number, number])[];
}

/** F(2, 3), points 0, 1, −1, ∞. */
export const winograd2: WinogradTransform = {
  outputs: 2,
  taps: 3,
  points: 4,
  input: [
    [1, 0, -1, 0],
    [0, 1, 1, 0],
    [0, -1, 1, 0],
    [0, 1, 0, -1],
  ],
  weight: [
    [1, 0, 0],
    [1 / 2, 1 / 2, 1 / 2],
    [1 / 2, -1 / 2, 1 / 2],
    [0, 0, 1],
  ],
  output: [
    [1, 1, 1, 0],
    [0, 1, -1, -1],
  ],
};

/** F(3, 3), points 0, 1, −1, 2, ∞. */
export const winograd3: WinogradTransform = {
  outputs: 3,
  taps: 3,
  points: 5,
  input: [
    [2, -1, -2, 1, 0],
    [0, -2, -1, 1, 0],
    [0, 2, -3, 1, 0],
    [0, -1, 0, 1, 0],
    [0, 2, -1, -2, 1],
  ],
  weight: [
    [1 / 2, 0, 0],
    [-1 / 2, -1 / 2, -1 / 2],
    [-1 / 6, 1 / 6, -1 / 6],
    [1 / 6, 1 / 3, 2 / 3],
    [0, 0, 1],
  ],
  output: [
    [1, 1, 1, 1, 0],
    [0, 1, -1, 2, 0],
    [0, 1, 1, 4, 1],
  ],
};

/** p and q of the points 0, ±p, ±q, ∞: not far from one another, and each the other's inverse. */
const [near, far] = [2 / 3, 3 / 2];

/** Π (x − other points) of a point, as coefficients of 1, x … x⁵: of ±p, x (x ± p)(x² − q²). */
const without = (point: number, other: number): number[] => [
  0,
  -point * other * other,
  -(other * other),
  point,
  1,
  0,
];

const squares = near * near + far * far;

/** A point and its other, of ±p and ±q. */
const nearAndFar = [
  [near, far],
  [-near, far],
  [far, near],
  [-far, near],
] as const;

const powers = (count: number): number[] => Array.from({ length: count }, (_, power) => power);

/** F(m, 7 − m), of six points 0, ±2/3, ±3/2, ∞. */
function sixPoints(outputs: number): WinogradTransform {
  const taps = 7 - outputs;
  return {
    outputs,
    taps,
    points: 6,
    input: [
      [1, 0, -squares, 0, 1, 0],
      ...nearAndFar.map(([point, other]) => without(point, other)),
      [0, 1, 0, -squares, 0, 1],
    ],
    // Powers of a point, over the product of its distances from the others.
    weight: [
      powers(taps).map((power) => Number(power === 0)),
      ...nearAndFar.map(([point, other]) =>
        powers(taps).map(
          (power) => powerOf(point, power) / (2 * point * point * (point * point - other * other)),
        ),
      ),
      powers(taps).map((power) => Number(power === taps - 1)),
    ],
    output: powers(outputs).map((power) => [
      Number(power === 0),
      ...nearAndFar.map(([point]) => powerOf(point, power)),
      Number(power === outputs - 1),
    ]),
    opposites: [
      [1, 2],
      [3, 4],
    ],
  };
}

/** By products alone, which every machine rounds alike. */
const powerOf = (point: number, power: number): number =>
  powers(power).reduce((product) => product * point, 1);

/**
 * F(4, 3): 36 products for sixteen outputs. With the points 0, ±1, ±2 that are mostly taken its rounding errors are
 * twice as great; with these they are less than those of F(3, 3) above (on the choice of points see Barabasz, Anderson,
 * Soodhalter and Gregg 2020).
 */
export const winograd4: WinogradTransform = sixPoints(4);

/** F(2, 5): 36 products for four outputs of 5 × 5 weights, where there are 100 without. */
export const winograd2of5: WinogradTransform = sixPoints(2);

export function transposed<T>(rows: readonly (readonly T[])[]): T[][] {
  return rows[0].map((_, column) => rows.map((row) => row[column]));
}

/** A transform's matrix, and whether its points are its rows or its columns. */
export interface PointMatrix {
  readonly matrix: readonly (readonly number[])[];
  readonly points: "rows" | "columns";
  readonly opposites?: WinogradTransform["opposites"];
}

/** Bᵀ, G or Aᵀ of a transform, or turned over. */
export function pointMatrix(
  transform: WinogradTransform,
  part: "input" | "weight" | "output",
  turned = false,
): PointMatrix {
  const matrix = transform[part];
  return {
    matrix: turned ? transposed(matrix) : matrix,
    points: (part === "output") === turned ? "rows" : "columns",
    opposites: transform.opposites,
  };
}

/** Where the vectors X[row][column] of a square come from, and what becomes of a result's. */
export interface Square {
  readonly size: number;
  load(row: number, column: number): V128;
  store(row: number, column: number, value: Local<"v128">): void;
}

/**
 * Writes matrix · X · matrixᵀ: first along rows, then along columns, zeros left out and ones not multiplied. A row is
 * read when it is wanted and a column written when it is there, since no registers hold a whole square.
 */
export function emitBothWays(
  f: FunctionBuilder,
  arithmetic: Arithmetic,
  matrix: PointMatrix,
  { size, load, store }: Square,
): void {
  const each = Array.from({ length: size }, (_, index) => index);
  const half = each.map((row) =>
    emitOneWay(
      f,
      arithmetic,
      matrix,
      each.map((column) => f.let(load(row, column))),
    ),
  );
  transposed(half).forEach((values, column) => {
    for (const [row, value] of emitOneWay(f, arithmetic, matrix, values).entries()) store(row, column, value);
  });
}

/** matrix · values; what two opposite points have in common is worked out once. */
function emitOneWay(
  f: FunctionBuilder,
  arithmetic: Arithmetic,
  { matrix, points, opposites = [] }: PointMatrix,
  values: readonly V128[],
): Local<"v128">[] {
  if (opposites.length === 0)
    return matrix.map((coefficients) => emitCombination(f, arithmetic, coefficients, values));
  if (points === "columns") {
    // c · x ± c · x' is c · (x ± x').
    const sums = [...values];
    const differences = [...values];
    for (const [one, other] of opposites) {
      sums[one] = f.let(f32x4.add(values[one], values[other]));
      differences[one] = f.let(f32x4.sub(values[one], values[other]));
    }
    return matrix.map((coefficients) => {
      const even = opposites.every(([one, other]) => coefficients[one] === coefficients[other]);
      const left = coefficients.map((coefficient, index) =>
        opposites.some(([, other]) => other === index) ? 0 : coefficient,
      );
      return emitCombination(f, arithmetic, left, even ? sums : differences);
    });
  }
  const results: Local<"v128">[] = [];
  matrix.forEach((coefficients, row) => {
    const pair = opposites.find(([one, other]) => one === row || other === row);
    if (!pair) results[row] = emitCombination(f, arithmetic, coefficients, values);
    else if (pair[0] === row) {
      // Even powers of the two points are the same, odd ones opposite.
      const same = (index: number): boolean => coefficients[index] === matrix[pair[1]][index];
      const part = (even: boolean): Local<"v128"> =>
        emitCombination(
          f,
          arithmetic,
          coefficients.map((coefficient, index) => (same(index) === even ? coefficient : 0)),
          values,
        );
      const [even, odd] = [part(true), part(false)];
      results[pair[0]] = f.let(f32x4.add(even, odd));
      results[pair[1]] = f.let(f32x4.sub(even, odd));
    }
  });
  return results;
}

/** Σ coefficient · value as few instructions as its coefficients allow. */
function emitCombination(
  f: FunctionBuilder,
  arithmetic: Arithmetic,
  coefficients: readonly number[],
  values: readonly V128[],
): Local<"v128"> {
  const terms = coefficients
    .map((coefficient, index) => ({ coefficient, value: values[index] }))
    .filter(({ coefficient }) => coefficient !== 0)
    // One that begins the sum as it is saves a negation.
    .sort((a, b) => Number(b.coefficient === 1) - Number(a.coefficient === 1));
  const [first, ...rest] = terms;
  let sum: V128 =
    first.coefficient === 1
      ? first.value
      : first.coefficient === -1
        ? f32x4.neg(first.value)
        : f32x4.mul(first.value, f32x4.const(first.coefficient));
  for (const { coefficient, value } of rest)
    sum =
      coefficient === 1
        ? f32x4.add(sum, value)
        : coefficient === -1
          ? f32x4.sub(sum, value)
          : arithmetic.madd(value, f32x4.const(coefficient), sum);
  return f.let(sum);
}
