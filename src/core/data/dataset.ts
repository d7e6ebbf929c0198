import type { Shape } from "../layers/layer.js";

/** The class of each image, [N], counted from 0. */
export type Labels = Uint8Array | Uint16Array | Uint32Array;

/** Images as bytes, [N, H, W, C] in row-major order, and one label an image. */
export interface ImageSet {
  readonly count: number;
  readonly images: Uint8Array;
  readonly labels: Labels;
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
