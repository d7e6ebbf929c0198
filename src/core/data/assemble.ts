import { HeddleError } from "../errors.js";
import type { Shape } from "../layers/layer.js";
import { shapeSize } from "../layers/shape.js";
import { counted, percent } from "../words.js";
import type { DatasetInMemory, ImageSetInMemory } from "./dataset.js";
import { type Numbering, numberClasses, numbered, startsAtZero, type WrittenLabels } from "./numbering.js";
import { pickImages } from "./pick-images.js";
import { splitDataset } from "./split.js";

/** The images and labels of a part, and what errors call them by. */
export interface DataPart {
  /** [H, W, C]. */
  readonly shape: Shape;
  /** [N, H, W, C]. */
  readonly images: Uint8Array;
  /** [N]. */
  readonly labels: WrittenLabels;
  readonly imagesFrom: string;
  readonly labelsFrom: string;
}

/** What each part of a data set is for: see `Dataset`. */
export type PartName = "train" | "validation" | "test";

export type DataParts = Readonly<Partial<Record<PartName, DataPart>>>;

/** How parts become a data set. */
export interface AssembleOptions {
  /** The name of a class by its label as it is written (default: the label). */
  readonly nameOf?: (label: number | string) => string | undefined;
  /** Share of each class that is kept for the test where there is no part to judge on (default 0.2); of 1 none are left to train. */
  readonly testShare?: number;
  /** Decides which images those are (default 1). */
  readonly testSeed?: number;
  /** Told what a reader of the data should know, in words. */
  readonly onNotice?: (message: string) => void;
}

const usualTestShare = 0.2;
const usualTestSeed = 1;

/**
 * Makes a data set of its parts. Where no part is for testing, the validation part is judged; where there is none either,
 * a share of the training images is kept for it, by class and seed alone. Labels are counted from 0 without gaps; class
 * names say how they are written.
 * @throws HeddleError when a part lacks images or labels, or two don't belong together.
 */
export function assembleDataset(
  name: string,
  parts: DataParts,
  options: AssembleOptions = {},
): DatasetInMemory {
  const { nameOf, onNotice = () => {} } = options;
  const { train, validation, test } = parts;
  if (!train) {
    throw new HeddleError(
      `${name} has no training images: expected some to train on, beside those to judge on.`,
    );
  }
  for (const part of [train, validation, test]) if (part) checkPart(part, train);
  const numbering = numberClasses(train.labels, train.labelsFrom);
  const setOf = (part: DataPart): ImageSetInMemory => ({
    count: part.labels.length,
    images: part.images,
    labels: numbered(part.labels, numbering, part.labelsFrom),
  });
  const dataset = {
    name,
    imageShape: train.shape,
    classNames: numbering.written.map((label) => nameOf?.(label) ?? String(label)),
  };
  if (!nameOf && !startsAtZero(numbering)) onNotice(numberingWords(numbering));
  if (test) {
    const sets = { train: setOf(train), test: setOf(test) };
    return { ...dataset, ...sets, ...(validation && { validation: setOf(validation) }) };
  }
  if (validation) {
    onNotice(
      `${name} has no part to test on: its validation part is what is judged, and a part of its training images validates.`,
    );
    return { ...dataset, train: setOf(train), test: setOf(validation) };
  }
  return { ...dataset, ...keepTest(setOf(train), dataset, options, onNotice) };
}

function keepTest(
  set: ImageSetInMemory,
  { name, imageShape, classNames }: Pick<DatasetInMemory, "name" | "imageShape" | "classNames">,
  { testShare = usualTestShare, testSeed = usualTestSeed }: AssembleOptions,
  onNotice: (message: string) => void,
): Pick<DatasetInMemory, "train" | "test"> {
  if (testShare === 1) {
    onNotice(`${name} has no part to test on: all of its ${counted(set.count)} images are judged.`);
    return { train: { count: 0, images: new Uint8Array(), labels: set.labels.slice(0, 0) }, test: set };
  }
  const split = splitDataset(set.labels, classNames.length, { validationShare: testShare, seed: testSeed });
  const partOf = (indices: Uint32Array): ImageSetInMemory => ({
    count: indices.length,
    images: pickImages(set.images, shapeSize(imageShape), indices),
    labels: set.labels.slice(0, indices.length).map((_, place) => set.labels[indices[place]]),
  });
  onNotice(
    `${name} has no part to test on: ${counted(split.validation.length)} of its ${counted(set.count)} images, ${percent(testShare, 0)} of each class by the seed ${testSeed}, are kept for the test.`,
  );
  return { train: partOf(split.train), test: partOf(split.validation) };
}

function checkPart({ images, labels, shape, imagesFrom, labelsFrom }: DataPart, train: DataPart): void {
  const count = images.length / shapeSize(shape);
  if (count === 0) throw new HeddleError(`${imagesFrom} holds no image.`);
  if (labels.length !== count) {
    const compared = labels.length < count ? "fewer" : "more";
    throw new HeddleError(
      `${labelsFrom} holds ${compared} labels than there are images: ${labels.length} labels, but ${imagesFrom} holds ${count} images. Expected one label an image.`,
    );
  }
  if (shape.some((size, axis) => size !== train.shape[axis])) {
    throw new HeddleError(
      `${imagesFrom} holds images of ${shape.join("×")}, but ${train.imagesFrom} of ${train.shape.join("×")}: expected the same size in both.`,
    );
  }
}

function numberingWords({ written }: Numbering): string {
  const [first, last] = [written[0], written[written.length - 1]];
  return `Its ${counted(written.length)} classes are written as labels from ${first} to ${last}; they are counted from 0 here, and named as they are written.`;
}
