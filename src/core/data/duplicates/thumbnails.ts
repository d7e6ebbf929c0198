import type { Shape } from "../../layers/layer.js";

/** Images made small by taking the mean over each pixel's part of them. */
export interface Thumbnails {
  readonly count: number;
  /** [H, W, C], H and W at most as asked for. */
  readonly shape: Shape;
  /** [N, H, W, C] */
  readonly pixels: Uint8Array;
}

/**
 * Images no larger than `side` in height and width: those that are so already as they are, not copied.
 *
 * @param images [N, H, W, C]
 */
export function thumbnailsOf(images: Uint8Array, count: number, shape: Shape, side: number): Thumbnails {
  const [height, width, channels] = shape;
  const [rows, columns] = [Math.min(height, side), Math.min(width, side)];
  if (rows === height && columns === width) return { count, shape, pixels: images };
  const rowEnds = partEnds(height, rows);
  const columnEnds = partEnds(width, columns);
  const pixels = new Uint8Array(count * rows * columns * channels);
  let at = 0;
  for (let image = 0; image < count; image++) {
    const first = image * height * width * channels;
    for (let row = 0; row < rows; row++) {
      for (let column = 0; column < columns; column++) {
        const [top, bottom] = [rowEnds[row], rowEnds[row + 1]];
        const [left, right] = [columnEnds[column], columnEnds[column + 1]];
        for (let channel = 0; channel < channels; channel++) {
          let sum = 0;
          for (let y = top; y < bottom; y++) {
            const line = first + y * width * channels + channel;
            for (let x = left; x < right; x++) sum += images[line + x * channels];
          }
          pixels[at++] = Math.round(sum / ((bottom - top) * (right - left)));
        }
      }
    }
  }
  return { count, shape: [rows, columns, channels], pixels };
}

/** Where each of some parts of a length begins, and where the last ends. */
const partEnds = (length: number, parts: number): Uint32Array =>
  Uint32Array.from({ length: parts + 1 }, (_, part) => Math.floor((part * length) / parts));
