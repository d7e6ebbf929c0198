/**
 * Images out of many, one after the other: [indices.length, H, W, C].
 * @param size bytes of one
 * @param into room for them (default: new)
 */
export function pickImages(
  images: Uint8Array,
  size: number,
  indices: Uint32Array,
  into: Uint8Array = new Uint8Array(indices.length * size),
): Uint8Array {
  for (let place = 0; place < indices.length; place++) {
    const first = indices[place] * size;
    into.set(images.subarray(first, first + size), place * size);
  }
  return into;
}
