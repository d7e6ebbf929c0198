import { HeddleError } from "../errors.js";
import type { Shape } from "../layers/layer.js";
import { shapeSize } from "../layers/shape.js";
import type { Normalization } from "./dataset.js";

/**
 * The mean and the deviation of each channel over every pixel of the chosen images, in units of 0 … 1:
 * mean = Σ p / n, deviation = √(Σ (p − mean)² / n), p = byte / 255. Exact in any order, for it counts bytes
 * first. A constant channel gets a deviation of 1, so that normalizing stays possible.
 * @param images [N, H, W, C] as bytes.
 * @param imageShape [H, W, C].
 * @param indices the images to count: the training part alone.
 */
export function computeNormalization(
  images: Uint8Array,
  imageShape: Shape,
  indices: Uint32Array,
): Normalization {
  if (indices.length === 0)
    throw new HeddleError("Normalization needs at least one training image, got none.");
  const channels = imageShape[imageShape.length - 1];
  const size = shapeSize(imageShape);
  const total = (indices.length * size) / channels;
  const all = countBytes(images, size, channels, indices).map((counts) => meanAndDeviation(counts, total));
  return { mean: all.map(({ mean }) => mean), deviation: all.map(({ deviation }) => deviation) };
}

/** What leaves pixels between 0 and 1. */
export function plainNormalization(channels: number): Normalization {
  return { mean: Array(channels).fill(0), deviation: Array(channels).fill(1) };
}

function meanAndDeviation(counts: Float64Array, total: number): { mean: number; deviation: number } {
  let sum = 0;
  for (let value = 0; value < 256; value++) sum += value * counts[value];
  const mean = sum / total / 255;
  let squares = 0;
  for (let value = 0; value < 256; value++) squares += counts[value] * (value / 255 - mean) ** 2;
  const constant = counts.some((count) => count === total);
  return { mean, deviation: constant ? 1 : Math.sqrt(squares / total) };
}

/** How often each byte stands in each channel. */
function countBytes(
  images: Uint8Array,
  size: number,
  channels: number,
  indices: Uint32Array,
): Float64Array[] {
  return Array.from({ length: channels }, (_, channel) => {
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
      const end = (index + 1) * size;
      let at = index * size + channel;
      for (; at + channels < end; at += 2 * channels) {
        even[images[at]]++;
        odd[images[at + channels]]++;
      }
      if (at < end) even[images[at]]++;
      pending += size;
      if (pending > 2 ** 30) {
        flush();
        pending = 0;
      }
    }
    flush();
    return counts;
  });
}
