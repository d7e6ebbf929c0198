import type { Features } from "./features.js";

/** The features of some of the images, in this order. */
export function featureRows({ size, plain, mirrored }: Features, rows: Uint32Array): Features {
  const some = (values: Float32Array): Float32Array => {
    const picked = new Float32Array(rows.length * size);
    rows.forEach((row, at) => {
      picked.set(values.subarray(row * size, (row + 1) * size), at * size);
    });
    return picked;
  };
  return { size, plain: some(plain), ...(mirrored && { mirrored: some(mirrored) }) };
}
