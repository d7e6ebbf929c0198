/** One direction in which a symmetric matrix stretches, and by how much. */
export interface Eigenpair {
  readonly value: number;
  /** Of length 1, its largest number above 0. */
  readonly vector: Float64Array;
}

/** Sweeps over all pairs of axes; ten are plenty for matrices of a thousand rows. */
const mostSweeps = 50;

/**
 * The eigenvalues of a symmetric matrix, the largest first, and their vectors, by Jacobi's rotations (Golub and Van Loan,
 * Matrix Computations, section 8.5): additions, products, quotients and roots alone, so the same numbers on every machine.
 *
 * @param matrix [size, size]
 */
export function symmetricEigen(matrix: Float64Array, size: number): Eigenpair[] {
  const left = matrix.slice();
  /** Row by row the vectors so far. */
  const vectors = new Float64Array(size * size);
  for (let axis = 0; axis < size; axis++) vectors[axis * size + axis] = 1;
  for (let sweep = 0; sweep < mostSweeps; sweep++) {
    let turned = false;
    for (let p = 0; p < size; p++) {
      for (let q = p + 1; q < size; q++) turned = rotate(left, vectors, size, p, q) || turned;
    }
    if (!turned) break;
  }
  return Array.from({ length: size }, (_, axis) => ({
    value: left[axis * size + axis],
    vector: upright(vectors.slice(axis * size, (axis + 1) * size)),
  })).sort((a, b) => b.value - a.value);
}

/** Turns two axes so that nothing is left between them. Gives whether there was anything. */
function rotate(matrix: Float64Array, vectors: Float64Array, size: number, p: number, q: number): boolean {
  const between = matrix[p * size + q];
  const [ofP, ofQ] = [matrix[p * size + p], matrix[q * size + q]];
  if (Math.abs(between) <= Number.EPSILON * Math.sqrt(Math.abs(ofP * ofQ))) return false;
  const theta = (ofQ - ofP) / (2 * between);
  const tangent = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  const turn = (values: Float64Array, atP: number, atQ: number): void => {
    const [first, second] = [values[atP], values[atQ]];
    values[atP] = cosine * first - sine * second;
    values[atQ] = sine * first + cosine * second;
  };
  for (let other = 0; other < size; other++) {
    turn(matrix, other * size + p, other * size + q);
    turn(vectors, p * size + other, q * size + other);
  }
  for (let other = 0; other < size; other++) turn(matrix, p * size + other, q * size + other);
  return true;
}

function upright(vector: Float64Array): Float64Array {
  let largest = 0;
  for (const value of vector) if (Math.abs(value) > Math.abs(largest)) largest = value;
  return largest < 0 ? vector.map((value) => -value) : vector;
}
