import { HeddleError } from "../errors.js";
import { checkValue, listOf, type OptionTable, optionsOf, text, typedArray } from "../options/index.js";
import type { DatasetInMemory, ImageSetInMemory } from "./dataset.js";
import { type FileRole, roleNames } from "./fashion-mnist.js";
import { parseIdxImages, parseIdxLabels } from "./idx.js";
import { checkLabelRange, classesOfTrainingLabels } from "./labels.js";

/** The uncompressed bytes of one file, and the name that errors call it by. */
export interface FileContent {
  readonly file: string;
  readonly bytes: Uint8Array;
}

const anyText = text(/^/, "text");

const contentKind = optionsOf({
  file: { meaning: "what errors call it by", kind: anyText },
  bytes: { meaning: "its content, not compressed", kind: typedArray("Uint8Array") },
} satisfies OptionTable<FileContent>);

const contentsKind = optionsOf({
  trainImages: { meaning: roleNames.trainImages, kind: contentKind },
  trainLabels: { meaning: roleNames.trainLabels, kind: contentKind },
  testImages: { meaning: roleNames.testImages, kind: contentKind },
  testLabels: { meaning: roleNames.testLabels, kind: contentKind },
} satisfies OptionTable<Record<FileRole, FileContent>>);

/**
 * Makes a data set of four IDX contents. The images and labels are views of the given bytes.
 * @param classNames for each class; left out, they are "0", "1", ….
 * @throws UsageError on an argument of another type.
 * @throws HeddleError when a content is damaged, or two don't belong together.
 */
export function assembleDataset(
  name: string,
  contents: Readonly<Record<FileRole, FileContent>>,
  classNames?: readonly string[],
): DatasetInMemory {
  checkValue("assembleDataset", "name", name, anyText);
  checkValue("assembleDataset", "contents", contents, contentsKind);
  if (classNames !== undefined) {
    checkValue("assembleDataset", "classNames", classNames, listOf(anyText));
  }
  const train = pairUp(contents.trainImages, contents.trainLabels);
  const test = pairUp(contents.testImages, contents.testLabels);
  if (train.shape.some((size, axis) => size !== test.shape[axis])) {
    throw new HeddleError(
      `${contents.testImages.file} holds images of ${test.shape.join("×")}, but ${contents.trainImages.file} of ${train.shape.join("×")}: expected the same size in both.`,
    );
  }
  const classes = classesOfTrainingLabels(train.set.labels, contents.trainLabels.file);
  checkLabelRange(test.set.labels, classes, contents.testLabels.file);
  if (classNames && classNames.length !== classes) {
    throw new HeddleError(`${name} has ${classes} classes, but ${classNames.length} class names were given.`);
  }
  return {
    name,
    imageShape: train.shape,
    classNames: classNames ?? Array.from({ length: classes }, (_, label) => String(label)),
    train: train.set,
    test: test.set,
  };
}

function pairUp(
  images: FileContent,
  labels: FileContent,
): { shape: readonly number[]; set: ImageSetInMemory } {
  const parsedImages = parseIdxImages(images.bytes, images.file);
  const parsedLabels = parseIdxLabels(labels.bytes, labels.file);
  if (parsedLabels.length !== parsedImages.count) {
    const compared = parsedLabels.length < parsedImages.count ? "fewer" : "more";
    throw new HeddleError(
      `${labels.file} holds ${compared} labels than there are images: ${parsedLabels.length} labels, but ${images.file} holds ${parsedImages.count} images. Expected one label an image.`,
    );
  }
  return {
    shape: parsedImages.shape,
    set: { count: parsedImages.count, images: parsedImages.images, labels: parsedLabels },
  };
}
