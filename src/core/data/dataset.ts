import type { Shape } from "../layers/layer.js";

/** Images as bytes, [N, H, W, C] in row-major order, and one label a image. */
export interface ImageSet {
  readonly count: number;
  readonly images: Uint8Array;
  readonly labels: Uint8Array;
}

/** A data set for classification: a training set and a test set of images of one shape. */
export interface Dataset {
  readonly name: string;
  /** [H, W, C] of every image. */
  readonly imageShape: Shape;
  readonly classNames: readonly string[];
  readonly train: ImageSet;
  readonly test: ImageSet;
}

/** Indices into a training set: which images train, which validate. */
export interface Split {
  readonly train: Uint32Array;
  readonly validation: Uint32Array;
}

/** A pixel p (0 … 255) of a channel enters the network as (p / 255 − mean) / deviation; one of each a channel. */
export interface Normalization {
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}
