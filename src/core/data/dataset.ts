import type { Shape } from "../layers/layer.js";
import type { ImagesInOrder } from "./image-stream.js";
import type { PicturePreparation } from "./picture-preparation.js";

/** The class of each image, [N], counted from 0. */
export type Labels = Uint8Array | Uint16Array | Uint32Array;

/** Images as bytes and one label an image. */
export interface ImageSet {
  /** How many, N. */
  readonly count: number;
  /** [N, H, W, C] in row-major order, 0 to 255; or what gives images of [H, W, C] in any order: see `imageSource`. */
  readonly images: Uint8Array | ImagesInOrder;
  /** Whatever changes when the images do, for those that aren't in memory, or not everywhere. */
  readonly fingerprint?: string | undefined;
  /** [N], each below the number of classes. */
  readonly labels: Labels;
  /** [N]: images of one number belong together, as near-duplicates do, and are never parted by a split. */
  readonly groups?: Uint32Array | undefined;
  /** Of pictures: how they became these images. */
  readonly preparation?: PicturePreparation | undefined;
  /** Of pictures: what the classes are called, in the order of the labels. */
  readonly classNames?: readonly string[] | undefined;
}

/** A data set for classification: a training set and a test set of images of one shape. */
export interface Dataset {
  /** For messages and the records of runs. */
  readonly name: string;
  /** [H, W, C] of every image. */
  readonly imageShape: Shape;
  /** One a class, in the order of the labels. */
  readonly classNames: readonly string[];
  /** How pictures became its images, where they were of any size. */
  readonly preparation?: PicturePreparation | undefined;
  /** What `fit` trains on, and validates with a part of where there is no `validation`. */
  readonly train: ImageSet;
  /** What `fit` validates with, where that is given. */
  readonly validation?: ImageSet | undefined;
  /** What `evaluate` judges on; `fit` never looks at it. */
  readonly test: ImageSet;
}

/** An image set that is all in memory. */
export interface ImageSetInMemory extends ImageSet {
  readonly images: Uint8Array;
}

/** A data set that is all in memory. */
export interface DatasetInMemory extends Dataset {
  readonly train: ImageSetInMemory;
  readonly validation?: ImageSetInMemory | undefined;
  readonly test: ImageSetInMemory;
}

/** Whether all parts of a data set are in memory. */
export const isInMemory = (dataset: Dataset): dataset is DatasetInMemory =>
  [dataset.train, dataset.validation, dataset.test].every((set) => typeof set?.images !== "function");

/** Indices into a training set: which images train, which validate. */
export interface Split {
  /** In ascending order. */
  readonly train: Uint32Array;
  /** In ascending order; none of those that train. Where a part of its own validates, indices into that one. */
  readonly validation: Uint32Array;
}

/** A pixel p (0 … 255) of a channel enters the network as (p / 255 − mean) / deviation; one of each a channel. */
export interface Normalization {
  /** [C], of pixels as p / 255. */
  readonly mean: readonly number[];
  /** [C], of pixels as p / 255, above 0. */
  readonly deviation: readonly number[];
}
