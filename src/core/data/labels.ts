import { HeddleError } from "../errors.js";

/** How many labels each class has: [classes]. Labels beyond are left out. */
export function countLabels(labels: Uint8Array, classes: number): Uint32Array {
  const every = new Uint32Array(256);
  for (const label of labels) every[label]++;
  return every.slice(0, classes);
}

/**
 * The number of classes that training labels speak of: the highest label + 1.
 *
 * Every class needs two training images, one to train on and one to validate with; a label that breaks this
 * is a damaged byte or a numbering that skips.
 * @throws HeddleError naming the label out of range.
 */
export function classesOfTrainingLabels(labels: Uint8Array, file: string): number {
  const counts = countLabels(labels, 256);
  const highest = counts.findLastIndex((count) => count > 0);
  const short = counts.findIndex((count) => count < 2);
  if (short !== -1 && short <= highest) {
    throw new HeddleError(
      `${file}: label ${highest} (of image ${labels.indexOf(highest)}) is out of range: classes are numbered from 0 with at least 2 training images each, but class ${short} has ${counts[short]}. Correct or renumber the labels.`,
    );
  }
  if (highest < 1) {
    throw new HeddleError(`${file}: every label is 0: expected at least 2 classes to tell apart.`);
  }
  return highest + 1;
}

/** @throws HeddleError naming the first label that is not below `classes`. */
export function checkLabelRange(labels: Uint8Array, classes: number, file: string): void {
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong === -1) return;
  throw new HeddleError(
    `${file}: label ${labels[wrong]} (of image ${wrong}) is out of range: expected 0 to ${classes - 1}, the ${classes} classes of the training labels.`,
  );
}
