import { HeddleError } from "../errors.js";
import type { Shape } from "../layers/layer.js";
import { shapeSize } from "../layers/shape.js";

/**
 * IDX, the format of MNIST (LeCun, Cortes and Burges): two zero bytes, a type (8 = unsigned byte), the number
 * of axes, each axis as a big-endian 32-bit length, then the values in row-major order.
 */
const unsignedByte = 8;
const labelAxes = 1;
const imageAxes = [3, 4];

/** The images of one file: bytes [count, H, W, C]. */
export interface IdxImages {
  readonly count: number;
  /** [H, W, C]. */
  readonly shape: Shape;
  readonly images: Uint8Array;
}

/**
 * Reads images [N, H, W] (one channel) or [N, H, W, C]. The result is a view of `bytes`.
 * @param file named in errors.
 * @throws HeddleError when the bytes are no IDX images, are cut short, or run on.
 */
export function parseIdxImages(bytes: Uint8Array, file: string): IdxImages {
  const { axes, values } = parseIdx(bytes, file, "images");
  const [count, height, width, channels = 1] = axes;
  if (axes.includes(0)) {
    throw new HeddleError(`${file} holds no pixel: its sizes are ${axes.join("×")}, and none may be 0.`);
  }
  return { count, shape: [height, width, channels], images: values };
}

/**
 * Reads labels [N]. The result is a view of `bytes`.
 * @param file named in errors.
 * @throws HeddleError when the bytes are no IDX labels, are cut short, or run on.
 */
export function parseIdxLabels(bytes: Uint8Array, file: string): Uint8Array {
  const { values } = parseIdx(bytes, file, "labels");
  if (values.length === 0) throw new HeddleError(`${file} holds no label: its count is 0.`);
  return values;
}

/**
 * The length of an IDX file by its first bytes, header included; undefined where they are too few or of no IDX file
 * that is read here.
 */
export function idxLength(head: Uint8Array): number | undefined {
  if (head.length < 4) return undefined;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const magic = view.getUint32(0);
  const axes = magic & 0xff;
  if (magic >>> 8 !== unsignedByte || ![labelAxes, ...imageAxes].includes(axes)) return undefined;
  const header = 4 + 4 * axes;
  if (head.length < header) return undefined;
  let values = 1;
  for (let axis = 0; axis < axes; axis++) values *= view.getUint32(4 + 4 * axis);
  return header + values;
}

function parseIdx(
  bytes: Uint8Array,
  file: string,
  wanted: "images" | "labels",
): { axes: readonly number[]; values: Uint8Array } {
  if (bytes.length === 0) {
    throw new HeddleError(`${file} is empty: expected IDX ${wanted}. Fetch or copy it again.`);
  }
  if (bytes.length < 4) {
    throw new HeddleError(
      `${file} is truncated: it has ${bytes.length} of the 4 bytes that say what it is. Fetch or copy it again.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = view.getUint32(0);
  const axisCount = axisCountOf(magic, file, wanted);
  const headerLength = 4 + 4 * axisCount;
  if (bytes.length < headerLength) {
    throw new HeddleError(
      `${file} is truncated: it has ${bytes.length} of the ${headerLength} bytes of its header. Fetch or copy it again.`,
    );
  }
  const axes = Array.from({ length: axisCount }, (_, axis) => view.getUint32(4 + 4 * axis));
  const expected = shapeSize(axes);
  const found = bytes.length - headerLength;
  const sizes = `its header says ${axes.join("×")}, ${expected} bytes, and ${found} follow`;
  if (found < expected) throw new HeddleError(`${file} is truncated: ${sizes}. Fetch or copy it again.`);
  if (found > expected) {
    throw new HeddleError(
      `${file} runs on past its end: ${sizes}. Its header or its length is wrong: fetch or copy it again.`,
    );
  }
  return { axes, values: bytes.subarray(headerLength) };
}

function axisCountOf(magic: number, file: string, wanted: "images" | "labels"): number {
  const found = `0x${magic.toString(16).padStart(8, "0")}`;
  const expected = wanted === "images" ? "0x00000803 or 0x00000804" : "0x00000801";
  const axes = magic & 0xff;
  if (magic >>> 8 !== unsignedByte) {
    throw new HeddleError(
      `${file} has the wrong magic number ${found}: expected ${expected}, IDX ${wanted} of unsigned bytes.`,
    );
  }
  const holdsLabels = axes === labelAxes;
  const holdsImages = imageAxes.includes(axes);
  if (wanted === "images" && holdsLabels) {
    throw new HeddleError(
      `${file} holds labels where images should be: its magic number is ${found}, expected ${expected}. Was it named after the wrong file?`,
    );
  }
  if (wanted === "labels" && holdsImages) {
    throw new HeddleError(
      `${file} holds images where labels should be: its magic number is ${found}, expected ${expected}. Was it named after the wrong file?`,
    );
  }
  if (!holdsLabels && !holdsImages) {
    throw new HeddleError(
      `${file} has the wrong magic number ${found}, ${axes} axes: expected ${expected}, IDX ${wanted}.`,
    );
  }
  return axes;
}
