import { type FunctionBuilder, f32x4, type Local, type V128 } from "../wasm/index.js";
import type { Arithmetic } from "./arithmetic.js";

/**
 * Winograd's minimal filtering F(m, 3): m outputs of a filter of three taps with m + 2 products instead of 3m
 * (Winograd 1980; for convolutions Lavin and Gray 2016): y = Aᵀ[(G g) ∘ (Bᵀ d)]. In two dimensions each matrix
 * is used along both axes.
 */
export interface WinogradTransform {
  /** Outputs along an axis. */
  readonly outputs: number;
  /** Inputs, and products, along an axis: outputs + 2. */
  readonly points: number;
  /** Bᵀ, [points][points]. */
  readonly input: readonly (readonly number[])[];
  /** G, [points][3]. */
  readonly weight: readonly (readonly number[])[];
  /** Aᵀ, [outputs][points]. */
  readonly output: readonly (readonly number[])[];
}

/** F(2, 3), points 0, 1, −1, ∞. */
export const winograd2: WinogradTransform = {
  outputs: 2,
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

export function transposed<T>(rows: readonly (readonly T[])[]): T[][] {
  return rows[0].map((_, column) => rows.map((row) => row[column]));
}

/**
 * Writes matrix · X · matrixᵀ for vectors X[row][column] given as locals: first along columns, then along
 * rows, zeros left out and ones not multiplied.
 */
export function emitBothWays(
  f: FunctionBuilder,
  arithmetic: Arithmetic,
  matrix: readonly (readonly number[])[],
  x: readonly (readonly V128[])[],
): Local<"v128">[][] {
  const half = x.map((row) =>
    matrix.map((coefficients) => emitCombination(f, arithmetic, coefficients, row)),
  );
  const columns = transposed(half);
  return transposed(
    columns.map((column) =>
      matrix.map((coefficients) => emitCombination(f, arithmetic, coefficients, column)),
    ),
  );
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
