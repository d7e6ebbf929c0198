import { createRandom, type Random } from "../random.js";
import type { Initializer, Shape, TensorSpec } from "./layer.js";
import { shapeSize } from "./shape.js";

/**
 * A tensor's first values, from its own stream of random numbers.
 * @param streamIndex which tensor of the model it is, so that no two draw the same numbers
 */
export function initialize(spec: TensorSpec, seed: number, streamIndex: number): Float32Array {
  const random = createRandom(seed, streamIndex);
  const { shape, initializer, kernels } = spec;
  if (!kernels) return valuesOf(shape, initializer, random);
  const columns = kernels.shape[kernels.shape.length - 1];
  const values = new Float32Array(shapeSize(shape));
  for (let kernel = 0; kernel < kernels.count; kernel++)
    valuesOf(kernels.shape, initializer, random).forEach((value, at) => {
      const row = Math.floor(at / columns);
      values[(row * kernels.count + kernel) * columns + (at % columns)] = value;
    });
  return values;
}

function valuesOf(shape: Shape, initializer: Initializer, random: Random): Float32Array {
  const { fanIn, fanOut } = fansOf(shape);
  switch (initializer) {
    case "glorotUniform":
      return drawn(shape, uniformIn(random, Math.sqrt(6 / (fanIn + fanOut))));
    case "glorotNormal":
      return drawn(shape, normalOf(random, Math.sqrt(2 / (fanIn + fanOut))));
    case "heUniform":
      return drawn(shape, uniformIn(random, Math.sqrt(6 / fanIn)));
    case "heNormal":
      return drawn(shape, normalOf(random, Math.sqrt(2 / fanIn)));
    case "truncatedNormal":
      return drawn(shape, () => truncatedDeviation * truncated(random));
    case "orthogonal":
      return orthogonal([fanIn, shape[shape.length - 1]], random);
    case "dirac":
      return dirac(shape);
    case "diracUniform":
      return diracUniform(shape, uniformIn(random, Math.sqrt(1 / fanIn)));
    case "ones":
      return new Float32Array(shapeSize(shape)).fill(1);
    case "zeros":
    case "whitening":
      return new Float32Array(shapeSize(shape));
    case "lstmBias":
      return lstmBias(shape);
  }
}

/** The last two axes are inputs and outputs; those before them, a convolution's window, count towards both fans. */
function fansOf(shape: Shape): { readonly fanIn: number; readonly fanOut: number } {
  const [inputs, outputs] = shape.slice(-2);
  const window = shapeSize(shape.slice(0, -2));
  return { fanIn: window * inputs, fanOut: window * outputs };
}

function drawn(shape: Shape, draw: () => number): Float32Array {
  const values = new Float32Array(shapeSize(shape));
  for (let at = 0; at < values.length; at++) values[at] = draw();
  return values;
}

const uniformIn = (random: Random, limit: number) => (): number => (2 * random.uniform() - 1) * limit;

const normalOf = (random: Random, deviation: number) => (): number => deviation * random.normal();

const truncatedDeviation = 0.02;

function truncated(random: Random): number {
  let value = random.normal();
  while (Math.abs(value) > 2) value = random.normal();
  return value;
}

/** One where input and output channel are the same, in the middle of the window. */
function dirac(shape: Shape): Float32Array {
  const values = new Float32Array(shapeSize(shape));
  const [inputs, outputs] = shape.slice(-2);
  // The middle of a row-major window: of an even size the place behind the middle, as PyTorch has it.
  const middle = shape.slice(0, -2).reduce((place, size) => place * size + Math.floor(size / 2), 0);
  for (let channel = 0; channel < Math.min(inputs, outputs); channel++)
    values[(middle * inputs + channel) * outputs + channel] = 1;
  return values;
}

/** The same, and what `draw` gives for outputs beyond the inputs. */
function diracUniform(shape: Shape, draw: () => number): Float32Array {
  const [inputs, outputs] = shape.slice(-2);
  return dirac(shape).map((value, at) => (at % outputs < inputs ? value : draw()));
}

/**
 * The orthogonal factor of a normal matrix, uniform over all such (Saxe et al. 2014): of a matrix
 * [rows, columns] the rows or the columns, whichever are fewer, are orthonormal.
 */
function orthogonal([rows, columns]: Shape, random: Random): Float32Array {
  const length = Math.max(rows, columns);
  const vectors: Float64Array[] = [];
  for (let count = Math.min(rows, columns); count > 0; count--) {
    const vector = Float64Array.from({ length }, () => random.normal());
    // Gram and Schmidt lose orthogonality to rounding; a second pass restores it.
    for (const other of [...vectors, ...vectors]) addScaled(vector, other, -dot(vector, other));
    const norm = Math.sqrt(dot(vector, vector));
    vectors.push(vector.map((value) => value / norm));
  }
  const result = new Float32Array(rows * columns);
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      result[row * columns + column] = rows <= columns ? vectors[row][column] : vectors[column][row];
    }
  }
  return result;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let index = 0; index < a.length; index++) sum += a[index] * b[index];
  return sum;
}

function addScaled(target: Float64Array, source: Float64Array, scale: number): void {
  for (let index = 0; index < target.length; index++) target[index] += scale * source[index];
}

/** Zero, but 1 for the forget gate (the second of four blocks), so that a new cell remembers. */
function lstmBias([length]: Shape): Float32Array {
  return new Float32Array(length).fill(1, length / 4, length / 2);
}
