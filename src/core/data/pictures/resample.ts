import type { SourceBox } from "./placement.js";

/** Pixels in rows, red, green and blue, 0 to 255: [height, width, 3]. */
export interface RgbPicture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** What one pixel of a scaled axis is the weighted mean of. */
interface Taps {
  /** Of each, the first of its source pixels. */
  readonly first: Int32Array;
  /** [pixels, most]: weights that sum up to 1, then zeros. */
  readonly weights: Float32Array;
  readonly most: number;
}

/**
 * Scales a part of a picture by a triangle filter as wide as what becomes one pixel, at least two pixels: bilinear where
 * it grows, without aliases where it shrinks. It is what Pillow's `BILINEAR` and libvips' `linear` are.
 */
export function resample(source: RgbPicture, box: SourceBox, width: number, height: number): Uint8Array {
  const across = taps(source.width, box.left, box.width, width);
  const down = taps(source.height, box.top, box.height, height);
  const firstRow = down.first[0];
  const lastRow = down.first[height - 1] + down.most;
  const rows = new Float32Array(Math.min(source.height, lastRow) * width * 3 - firstRow * width * 3);
  for (let row = firstRow, to = 0; row < Math.min(source.height, lastRow); row++) {
    const from = row * source.width * 3;
    for (let x = 0; x < width; x++, to += 3) {
      let [red, green, blue] = [0, 0, 0];
      for (let tap = 0; tap < across.most; tap++) {
        const weight = across.weights[x * across.most + tap];
        if (weight === 0) break;
        const pixel = from + (across.first[x] + tap) * 3;
        red += weight * source.data[pixel];
        green += weight * source.data[pixel + 1];
        blue += weight * source.data[pixel + 2];
      }
      rows[to] = red;
      rows[to + 1] = green;
      rows[to + 2] = blue;
    }
  }
  const scaled = new Uint8Array(height * width * 3);
  const sums = new Float32Array(width * 3);
  for (let y = 0; y < height; y++) {
    sums.fill(0);
    for (let tap = 0; tap < down.most; tap++) {
      const weight = down.weights[y * down.most + tap];
      if (weight === 0) break;
      const from = (down.first[y] + tap - firstRow) * width * 3;
      for (let at = 0; at < sums.length; at++) sums[at] += weight * rows[from + at];
    }
    for (let at = 0; at < sums.length; at++) scaled[y * sums.length + at] = Math.min(255, sums[at] + 0.5);
  }
  return scaled;
}

function taps(sourceLength: number, from: number, length: number, pixels: number): Taps {
  const step = length / pixels;
  const reach = Math.max(1, step);
  const most = Math.min(sourceLength, Math.ceil(reach) * 2 + 1);
  const first = new Int32Array(pixels);
  const weights = new Float32Array(pixels * most);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const centre = from + (pixel + 0.5) * step;
    // The outermost pixel that weighs nothing is left out, so that weights have no zero before their end.
    const start = Math.max(0, Math.floor(centre - reach + 0.5));
    const end = Math.min(sourceLength, Math.ceil(centre + reach - 0.5));
    let sum = 0;
    const own = weights.subarray(pixel * most, (pixel + 1) * most);
    let begin = -1;
    for (let at = start; at < end; at++) {
      const weight = 1 - Math.abs(at + 0.5 - centre) / reach;
      if (weight <= 0) continue;
      if (begin === -1) begin = at;
      own[at - begin] = weight;
      sum += weight;
    }
    first[pixel] = begin;
    for (let at = 0; at < most; at++) own[at] /= sum;
  }
  return { first, weights, most };
}
