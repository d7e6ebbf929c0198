import { augmentBatch, createBatchAugmentation } from "../core/data/augment-batch.js";
import type { AugmentationConfig } from "../core/data/augmentation.js";
import { UsageError } from "../core/errors.js";
import { gatherImage } from "../core/kernels/reference/gather.js";
import type { Shape } from "../core/layers/layer.js";
import { counted, plural } from "../core/words.js";
import { pngOf } from "./picture.js";

export interface AugmentationSheet {
  /** Of a training set, [N, H, W, C] as bytes. */
  readonly images: Uint8Array;
  /** [H, W, C]. */
  readonly imageShape: Shape;
  /** Which of them have a row each, by their place in the training set. */
  readonly indices: Uint32Array;
  readonly augmentation: AugmentationConfig;
  /** The training's. */
  readonly seed: number;
  /** Columns beside the images as they are: what they are in epoch 1, 2, … */
  readonly epochs: number;
  /** Pixels of the picture along a side of an image's pixel. */
  readonly scale: number;
}

/** Bytes of a sheet's pixels at most: viewers take no larger ones. */
const mostBytes = 2 ** 29;

/** White pixels between images; the first column stands apart by twice as many. */
const gap = 4;

/**
 * What training with an augmentation sees of some images, as a PNG: a row an image, as it is and then an epoch a
 * column. Erased parts, which the network sees as the mean, are drawn grey.
 *
 * @throws UsageError where it would be too large to be looked at
 */
export function augmentationSheet(sheet: AugmentationSheet): Uint8Array {
  const { images, imageShape, indices, epochs, scale } = sheet;
  const [height, width, channels] = imageShape;
  const size = height * width * channels;
  const across = gap + (epochs + 1) * (width * scale + gap) + gap;
  const down = gap + indices.length * (height * scale + gap);
  if (across * down * channels > mostBytes) {
    throw new UsageError(
      `A sheet of ${plural(indices.length, "image")} in ${plural(epochs, "epoch")} is ${counted(across)} × ${counted(down)} pixels, which no viewer takes. Draw fewer images or epochs.`,
    );
  }
  const pixels = new Uint8Array(across * down * channels).fill(255);
  const draw = (image: ArrayLike<number>, row: number, column: number): void => {
    const top = gap + row * (height * scale + gap);
    const left = gap + column * (width * scale + gap) + (column > 0 ? gap : 0);
    for (let y = 0; y < height * scale; y++) {
      for (let x = 0; x < width * scale; x++) {
        const from = (Math.floor(y / scale) * width + Math.floor(x / scale)) * channels;
        const to = ((top + y) * across + left + x) * channels;
        for (let channel = 0; channel < channels; channel++) pixels[to + channel] = image[from + channel];
      }
    }
  };
  indices.forEach((index, row) => {
    const image = images.subarray(index * size, (index + 1) * size);
    draw(image, row, 0);
    for (let epoch = 1; epoch <= epochs; epoch++) draw(augmented(sheet, image, index, epoch), row, epoch);
  });
  return pngOf(pixels, [down, across, channels]);
}

function augmented(
  { augmentation, imageShape, seed }: AugmentationSheet,
  image: Uint8Array,
  index: number,
  epoch: number,
): Uint8Array {
  const changes = createBatchAugmentation(1, augmentation);
  augmentBatch(augmentation, imageShape, Uint32Array.of(index), { seed, epoch }, changes);
  const middle = Array<number>(imageShape[2]).fill(0.5);
  const values = gatherImage(image, imageShape, changes, { mean: middle, deviation: middle });
  return Uint8Array.from(values, (value) => Math.round((value + 1) * 127.5));
}
