import { HeddleError } from "../errors.js";
import type { Normalization } from "./dataset.js";

/**
 * One mean and one deviation over every pixel and channel of the chosen images, in units of 0 … 1:
 * mean = Σ p / n, deviation = √(Σ (p − mean)² / n), p = byte / 255. Exact in any order, for it counts bytes
 * first. A constant set gives a deviation of 1, so that normalizing stays possible.
 * @param images [N, H, W, C] as bytes.
 * @param imageSize H·W·C.
 * @param indices the images to count: the training part alone.
 */
export function computeNormalization(
  images: Uint8Array,
  imageSize: number,
  indices: Uint32Array,
): Normalization {
  if (indices.length === 0)
    throw new HeddleError("Normalization needs at least one training image, got none.");
  const counts = countBytes(images, imageSize, indices);
  const total = indices.length * imageSize;
  let sum = 0;
  for (let value = 0; value < 256; value++) sum += value * counts[value];
  const mean = sum / total / 255;
  let squares = 0;
  for (let value = 0; value < 256; value++) squares += counts[value] * (value / 255 - mean) ** 2;
  const constant = counts.some((count) => count === total);
  return { mean, deviation: constant ? 1 : Math.sqrt(squares / total) };
}

function countBytes(images: Uint8Array, imageSize: number, indices: Uint32Array): Float64Array {
  // Two tables in turn: runs of one value (black borders) would otherwise wait on their own last store.
  const even = new Uint32Array(256);
  const odd = new Uint32Array(256);
  const counts = new Float64Array(256);
  const flush = () => {
    for (let value = 0; value < 256; value++) counts[value] += even[value] + odd[value];
    even.fill(0);
    odd.fill(0);
  };
  let pending = 0;
  for (const index of indices) {
    const end = (index + 1) * imageSize;
    let at = index * imageSize;
    for (; at + 1 < end; at += 2) {
      even[images[at]]++;
      odd[images[at + 1]]++;
    }
    if (at < end) even[images[at]]++;
    pending += imageSize;
    if (pending > 2 ** 30) {
      flush();
      pending = 0;
    }
  }
  flush();
  return counts;
}
