import { type Constant, constant, expanded, type Numbers, sizeOf } from "./constant.js";
import type { NodeContext } from "./node-context.js";

const like = (values: Numbers, size: number): Numbers =>
  values instanceof Float32Array ? new Float32Array(size) : new Float64Array(size);

/** A function of each value of a constant. */
export function mapped(
  tensor: Constant,
  f: (x: number) => number,
  node: NodeContext,
  whole = tensor.whole,
): Constant {
  node.count(4 * tensor.values.length);
  return constant(tensor.dims, tensor.values.map(f), whole);
}

/** A function of two constants, the smaller spread over the larger as the format says. */
export function broadcast(
  a: Constant,
  b: Constant,
  f: (x: number, y: number) => number,
  node: NodeContext,
  whole = a.whole && b.whole,
): Constant {
  const rank = Math.max(a.dims.length, b.dims.length);
  const [left, right] = [a, b].map(({ dims }) => [...Array(rank - dims.length).fill(1), ...dims] as number[]);
  const dims = left.map((length, axis) => {
    const other = right[axis];
    if (length === other || other === 1) return length;
    return length === 1
      ? other
      : node.refuse(`constants [${a.dims.join(", ")}] and [${b.dims.join(", ")}] don't fit`);
  });
  if (a.values.length === 1 && b.values.length === 1)
    return constant(dims, like(a.values, 1).fill(f(a.values[0], b.values[0])), whole);
  const size = sizeOf(dims);
  node.count(8 * size);
  const [valuesA, valuesB] = [a, b].map(expanded);
  const result = a.whole || b.whole ? new Float64Array(size) : like(a.values, size);
  const strides = [left, right].map((lengths) =>
    lengths.map((length, axis) => (length === 1 ? 0 : sizeOf(lengths.slice(axis + 1)))),
  );
  for (let index = 0; index < size; index++) {
    let rest = index;
    let [atA, atB] = [0, 0];
    for (let axis = rank - 1; axis >= 0; axis--) {
      const place = rest % dims[axis];
      rest = (rest - place) / dims[axis];
      atA += place * strides[0][axis];
      atB += place * strides[1][axis];
    }
    result[index] = f(valuesA[atA], valuesB[atB]);
  }
  return constant(dims, result, whole);
}

/** The most sums that constants are multiplied with. */
const mostSums = 2 ** 24;

/** The product of two constant matrices. */
export function multiplied(a: Constant, b: Constant, node: NodeContext): Constant {
  const [rows, inner] = a.dims;
  const columns = b.dims[1];
  const isProduct = a.dims.length === 2 && b.dims.length === 2 && b.dims[0] === inner;
  if (!isProduct || rows * inner * columns > mostSums)
    return node.refuse(`it multiplies constants [${a.dims.join(", ")}] and [${b.dims.join(", ")}]`);
  node.count(8 * rows * columns);
  node.multiply(rows * inner * columns);
  const [left, right] = [a, b].map(expanded);
  const values = new Float64Array(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < inner; k++)
      for (let column = 0; column < columns; column++)
        values[row * columns + column] += left[row * inner + k] * right[k * columns + column];
  return constant([rows, columns], values, a.whole && b.whole);
}

/** Places along one axis, in this order. */
export function taken(
  tensor: Constant,
  axis: number,
  places: readonly number[],
  node: NodeContext,
): Constant {
  const { dims } = tensor;
  const target = dims.map((length, index) => (index === axis ? places.length : length));
  if (tensor.values.length === 1) return { ...tensor, dims: target };
  node.count(8 * sizeOf(target));
  const inner = sizeOf(dims.slice(axis + 1));
  const outer = sizeOf(dims.slice(0, axis));
  const values = like(tensor.values, outer * places.length * inner);
  for (let block = 0; block < outer; block++)
    for (const [index, place] of places.entries()) {
      const from = (block * dims[axis] + place) * inner;
      values.set(tensor.values.subarray(from, from + inner), (block * places.length + index) * inner);
    }
  return constant(target, values, tensor.whole);
}

/** Constants one behind the other along an axis. */
export function concatenated(tensors: readonly Constant[], axis: number, node: NodeContext): Constant {
  const [first] = tensors;
  const without = ({ dims }: Constant) => dims.filter((_, index) => index !== axis).join();
  if (tensors.some((each) => without(each) !== without(first) || each.dims.length !== first.dims.length))
    return node.refuse("constants of different sizes can't be put behind each other");
  const length = tensors.reduce((sum, { dims }) => sum + dims[axis], 0);
  const dims = first.dims.map((each, index) => (index === axis ? length : each));
  const inner = sizeOf(dims.slice(axis + 1));
  const outer = sizeOf(dims.slice(0, axis));
  node.count(8 * sizeOf(dims));
  const values = like(first.values, sizeOf(dims));
  let at = 0;
  const all = tensors.map((each) => ({ values: expanded(each), block: each.dims[axis] * inner }));
  for (let block = 0; block < outer; block++)
    for (const each of all) {
      values.set(each.values.subarray(block * each.block, (block + 1) * each.block), at);
      at += each.block;
    }
  return constant(
    dims,
    values,
    tensors.every(({ whole }) => whole),
  );
}
