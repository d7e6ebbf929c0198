import type { Normalization } from "../core/data/dataset.js";

/** How pixels enter networks that others trained, by names; a mean and a deviation a channel, or one for all. */
export const pixelRanges = {
  /** 0 … 255. */
  bytes: { mean: [0], deviation: [1 / 255] },
  /** 0 … 1. */
  "zero-to-one": { mean: [0], deviation: [1] },
  /** −1 … 1. */
  "minus-one-to-one": { mean: [0.5], deviation: [0.5] },
  /** The mean and deviation of ImageNet's training images, as torchvision has them. */
  imagenet: { mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225] },
  /** (byte − 127) / 128, as EfficientNet-Lite takes them. */
  lite: { mean: [127 / 255], deviation: [128 / 255] },
} as const satisfies Readonly<Record<PixelRange, Normalization>>;

/** A name of how pixels enter. */
export type PixelRange = "bytes" | "zero-to-one" | "minus-one-to-one" | "imagenet" | "lite";

/** Every such name. */
export const pixelRangeNames = Object.keys(pixelRanges) as readonly PixelRange[];
