import { muonNormEpsilon, newtonSchulzCoefficients } from "../../optimizers/muon.js";
import type { MatrixShape } from "../../optimizers/muon-matrices.js";
import type { MuonConfig } from "../../optimizers/optimizer.js";

/** Moves a matrix [rows, columns] by Muon (Jordan 2024), in place, and its momentum with it. */
export function muonStep(
  { momentum, nesterov, iterations, weightDecay }: MuonConfig,
  weights: Float64Array,
  gradient: Float64Array,
  velocity: Float64Array,
  shape: MatrixShape,
  learningRate: number,
): void {
  const ahead = velocity.map((value, at) => {
    velocity[at] = momentum * value + gradient[at];
    return nesterov ? gradient[at] + momentum * velocity[at] : velocity[at];
  });
  const move = newtonSchulz(ahead, shape, iterations);
  const size = learningRate * Math.sqrt(Math.max(1, shape.columns / shape.rows));
  move.forEach((value, at) => {
    weights[at] -= learningRate * weightDecay * weights[at] + size * value;
  });
}

/** X ← X / (‖X‖ + ε), then so many times X ← aX + (bA + cA²)X with A = XXᵀ: singular values near one. */
export function newtonSchulz(matrix: Float64Array, shape: MatrixShape, iterations: number): Float64Array {
  const { rows, columns } = shape;
  const { a, b, c } = newtonSchulzCoefficients;
  const norm = Math.sqrt(matrix.reduce((sum, value) => sum + value * value, 0));
  let x = matrix.map((value) => value / (norm + muonNormEpsilon));
  for (let iteration = 0; iteration < iterations; iteration++) {
    const gram = multiply(x, transpose(x, shape), rows, columns, rows);
    const squared = multiply(gram, gram, rows, rows, rows);
    const polynomial = gram.map((value, at) => b * value + c * squared[at]);
    const change = multiply(polynomial, x, rows, rows, columns);
    x = x.map((value, at) => a * value + change[at]);
  }
  return x;
}

function multiply(
  left: Float64Array,
  right: Float64Array,
  rows: number,
  inner: number,
  columns: number,
): Float64Array {
  const out = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let step = 0; step < inner; step++)
      for (let column = 0; column < columns; column++)
        out[row * columns + column] += left[row * inner + step] * right[step * columns + column];
  return out;
}

function transpose(matrix: Float64Array, { rows, columns }: MatrixShape): Float64Array {
  return Float64Array.from(matrix, (_, at) => matrix[(at % rows) * columns + Math.floor(at / rows)]);
}
