import { cos } from "../../math/index.js";
import type { Thumbnails } from "./thumbnails.js";

/** Cosines kept of each axis. */
const side = 8;

/** Standard deviation, in grey levels, below which an image has nothing to know it by. */
const leastContrast = 2;

/**
 * What images look like from afar: a perceptual hash that keeps its numbers, so that a distance between two bounds what
 * small changes can do. [N, size] lengths of cosines over the grey image, brightness and contrast taken out.
 */
export interface Outlines {
  readonly count: number;
  /** Numbers of each, those that tell the most images apart first. */
  readonly size: number;
  /** [N, size], each of length 1 together. */
  readonly values: Float32Array;
  /** 1 where a number keeps its sign in the mirror image, else −1: [size] */
  readonly mirrored: Int8Array;
  /** 1 where an image is more than one colour: [N] */
  readonly told: Uint8Array;
}

/** The 63 lowest cosines of each image's grey (a discrete cosine transform), without the mean, scaled to length 1. */
export function outlinesOf({ count, shape, pixels }: Thumbnails): Outlines {
  const [height, width, channels] = shape;
  const [rows, columns] = [Math.min(side, height), Math.min(side, width)];
  const size = rows * columns - 1;
  const down = cosines(height, rows);
  const across = cosines(width, columns);
  const values = new Float32Array(count * size);
  const told = new Uint8Array(count);
  const grey = new Float64Array(height * width);
  const halfway = new Float64Array(rows * width);
  for (let image = 0; image < count; image++) {
    const first = image * grey.length * channels;
    let sum = 0;
    let squares = 0;
    for (let pixel = 0; pixel < grey.length; pixel++) {
      let value = 0;
      for (let channel = 0; channel < channels; channel++)
        value += pixels[first + pixel * channels + channel];
      value /= channels;
      grey[pixel] = value;
      sum += value;
      squares += value * value;
    }
    const mean = sum / grey.length;
    if (Math.sqrt(Math.max(0, squares / grey.length - mean * mean)) < leastContrast) continue;
    halfway.fill(0);
    for (let row = 0; row < rows; row++) {
      for (let y = 0; y < height; y++) {
        const factor = down[row * height + y];
        for (let x = 0; x < width; x++) halfway[row * width + x] += factor * grey[y * width + x];
      }
    }
    const at = image * size;
    let length = 0;
    for (let index = 0; index < size; index++) {
      const row = Math.floor((index + 1) / columns);
      const column = (index + 1) % columns;
      let value = 0;
      for (let x = 0; x < width; x++) value += across[column * width + x] * halfway[row * width + x];
      values[at + index] = value;
      length += value * value;
    }
    if (length === 0) continue;
    told[image] = 1;
    const scale = 1 / Math.sqrt(length);
    for (let index = 0; index < size; index++) values[at + index] *= scale;
  }
  const mirrored = Int8Array.from({ length: size }, (_, index) =>
    ((index + 1) % columns) % 2 === 0 ? 1 : -1,
  );
  return tellingFirst({ count, size, values, mirrored, told });
}

/** [terms, length], each row of length 1. */
function cosines(length: number, terms: number): Float64Array {
  const values = new Float64Array(terms * length);
  for (let term = 0; term < terms; term++) {
    const scale = Math.sqrt((term === 0 ? 1 : 2) / length);
    for (let place = 0; place < length; place++)
      values[term * length + place] = scale * cos((Math.PI * term * (place + 0.5)) / length);
  }
  return values;
}

/** The numbers that vary most come first: a distance that is too great shows in few of them. */
function tellingFirst({ count, size, values, mirrored, told }: Outlines): Outlines {
  const sums = new Float64Array(size);
  const squares = new Float64Array(size);
  for (let at = 0; at < values.length; at++) {
    sums[at % size] += values[at];
    squares[at % size] += values[at] * values[at];
  }
  const spread = sums.map((sum, index) => squares[index] / count - (sum / count) * (sum / count));
  const order = Array.from(spread.keys()).sort((a, b) => spread[b] - spread[a] || a - b);
  const sorted = new Float32Array(values.length);
  for (let image = 0; image < count; image++)
    for (let index = 0; index < size; index++)
      sorted[image * size + index] = values[image * size + order[index]];
  return { count, size, values: sorted, mirrored: Int8Array.from(order, (index) => mirrored[index]), told };
}
