import { shapeSize } from "../../layers/shape.js";

/** IDX bytes of the given axes and values: a valid file, unless a test asks for another magic number. */
export function encodeIdx(
  axes: readonly number[],
  values: ArrayLike<number>,
  magic = 0x800 + axes.length,
): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * axes.length + values.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic);
  for (const [axis, length] of axes.entries()) view.setUint32(4 + 4 * axis, length);
  bytes.set(values, 4 + 4 * axes.length);
  return bytes;
}

/** `count` images of height×width[×channels] with a pattern that tells them apart. */
export function encodeImages(count: number, ...sizes: readonly number[]): Uint8Array {
  const length = count * shapeSize(sizes);
  return encodeIdx(
    [count, ...sizes],
    Uint8Array.from({ length }, (_, index) => (index * 37 + 11) % 256),
  );
}

/** Labels 0, 1, …, classes − 1, 0, 1, …. */
export function encodeLabels(count: number, classes: number): Uint8Array {
  return encodeIdx(
    [count],
    Uint8Array.from({ length: count }, (_, index) => index % classes),
  );
}
