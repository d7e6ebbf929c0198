import type { Dataset, ImageSet, Labels } from "../data/dataset.js";
import { HeddleError } from "../errors.js";
import type { Shape } from "../layers/layer.js";
import { shapeSize } from "../layers/shape.js";

/** The parts of a data set, by what they are for. */
export type PartName = "train" | "validation" | "test";

/** Where an image is. */
export interface Place {
  readonly part: PartName;
  /** Within the part, from 0. */
  readonly index: number;
}

/** All images of a data set in one row: those that train, that validate, that judge. */
export interface Pooled {
  readonly count: number;
  /** [N, H, W, C] */
  readonly images: Uint8Array;
  /** [H, W, C] */
  readonly shape: Shape;
  /** [N] */
  readonly labels: Labels;
  readonly classNames: readonly string[];
  readonly parts: readonly { readonly name: PartName; readonly first: number; readonly count: number }[];
}

const partNames = ["train", "validation", "test"] as const;

/** @throws HeddleError where images aren't in memory. */
export function pooled(dataset: Dataset): Pooled {
  const given = partNames.flatMap((name): [PartName, ImageSet][] => {
    const set = dataset[name];
    return set && set.count > 0 ? [[name, set]] : [];
  });
  const { imageShape: shape, classNames } = dataset;
  const size = shapeSize(shape);
  const count = given.reduce((sum, [, set]) => sum + set.count, 0);
  const images = new Uint8Array(count * size);
  const labels = new Uint32Array(count);
  let first = 0;
  const parts = given.map(([name, set]) => {
    if (!ArrayBuffer.isView(set.images)) {
      throw new HeddleError(
        `The ${name} images of ${dataset.name} are not in memory: expected a data set that is, such as one of fewer or smaller images.`,
      );
    }
    images.set(set.images, first * size);
    labels.set(set.labels, first);
    const part = { name, first, count: set.count };
    first += set.count;
    return part;
  });
  return { count, images, shape, labels, classNames, parts };
}

/** Where one of the pooled images is in the data set. */
export function placeOf({ parts }: Pick<Pooled, "parts">, image: number): Place {
  const part = parts.findLast(({ first }) => first <= image) ?? parts[0];
  return { part: part.name, index: image - part.first };
}
