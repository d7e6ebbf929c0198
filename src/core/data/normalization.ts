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
  const size = shapeSize(imageShape);
  const counts = new PixelCounts(imageShape[imageShape.length - 1]);
  for (const index of indices) counts.add(images.subarray(index * size, (index + 1) * size));
  return counts.normalization();
}

/** What leaves pixels between 0 and 1. */
export function plainNormalization(channels: number): Normalization {
  return { mean: Array(channels).fill(0), deviation: Array(channels).fill(1) };
}

/** A byte p of a channel enters a network as p · scale + shift, which is (p / 255 − mean) / deviation: both [C]. */
export function scaleAndShift({ mean, deviation }: Normalization): { scale: number[]; shift: number[] } {
  return {
    scale: deviation.map((each) => 1 / (255 * each)),
    shift: mean.map((each, channel) => -each / deviation[channel]),
  };
}

function meanAndDeviation(counts: Float64Array, total: number): { mean: number; deviation: number } {
  let sum = 0;
  for (let value = 0; value < 256; value++) sum += value * counts[value];
  const mean = sum / total / 255;
  let squares = 0;
  for (let value = 0; value < 256; value++) {
    const apart = value / 255 - mean;
    squares += counts[value] * (apart * apart);
  }
  const constant = counts.some((count) => count === total);
  return { mean, deviation: constant ? 1 : Math.sqrt(squares / total) };
}

/** Bytes that are counted between two emptyings of the tables. */
const mostPending = 2 ** 30;

/** Counts images, any number at a time, in any order, for the normalization of all of them. */
export class PixelCounts {
  /** How often each byte stands in each channel. */
  readonly #counts: readonly Float64Array[];
  // Two tables in turn: runs of one value (black borders) would otherwise wait on their own last store.
  readonly #tables: readonly { readonly even: Uint32Array; readonly odd: Uint32Array }[];
  #total = 0;
  #pending = 0;

  constructor(readonly channels: number) {
    this.#counts = Array.from({ length: channels }, () => new Float64Array(256));
    this.#tables = this.#counts.map(() => ({ even: new Uint32Array(256), odd: new Uint32Array(256) }));
  }

  /** @param images whole ones, as bytes */
  add(images: Uint8Array): void {
    const { channels } = this;
    this.#tables.forEach(({ even, odd }, channel) => {
      let at = channel;
      for (; at + channels < images.length; at += 2 * channels) {
        even[images[at]]++;
        odd[images[at + channels]]++;
      }
      if (at < images.length) even[images[at]]++;
    });
    this.#total += images.length / channels;
    this.#pending += images.length;
    if (this.#pending > mostPending) this.#flush();
  }

  /** As `computeNormalization` has it. @throws HeddleError where nothing was counted */
  normalization(): Normalization {
    if (this.#total === 0)
      throw new HeddleError("Normalization needs at least one training image, got none.");
    this.#flush();
    const all = this.#counts.map((counts) => meanAndDeviation(counts, this.#total));
    return { mean: all.map(({ mean }) => mean), deviation: all.map(({ deviation }) => deviation) };
  }

  #flush(): void {
    this.#counts.forEach((counts, channel) => {
      const { even, odd } = this.#tables[channel];
      for (let value = 0; value < 256; value++) counts[value] += even[value] + odd[value];
      even.fill(0);
      odd.fill(0);
    });
    this.#pending = 0;
  }
}
