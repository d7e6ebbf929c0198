import { HeddleError } from "../errors.js";
import { type OptionKind, typedArray, wholeNumber } from "../options/index.js";
import type { Labels } from "./dataset.js";

/** As many as 16-bit labels count, and room beyond. */
const mostClasses = 2 ** 20;

export const labelsKind: OptionKind<Labels> = typedArray("Uint8Array", "Uint16Array", "Uint32Array");

export const classesKind: OptionKind<number> = wholeNumber({ from: 1, to: mostClasses });

/** How many labels each class has: [classes]. Labels beyond are left out. */
export function countLabels(labels: Labels, classes: number): Uint32Array {
  const counts = new Uint32Array(classes);
  for (const label of labels) if (label < classes) counts[label]++;
  return counts;
}

/**
 * The number of classes that training labels speak of: the highest label + 1.
 *
 * Every class needs two training images, one to train on and one to validate with; a label that breaks this
 * is a damaged byte or a numbering that skips.
 * @throws HeddleError naming the label out of range.
 */
export function classesOfTrainingLabels(labels: Labels, file: string): number {
  let highest = 0;
  for (const label of labels) if (label > highest) highest = label;
  // Two images a class: no label that is right lies beyond half their number, whatever a damaged one says.
  const counts = countLabels(labels, Math.min(highest, labels.length >>> 1) + 1);
  const short = counts.findIndex((count) => count < 2);
  if (short !== -1 && short <= highest) {
    throw new HeddleError(
      `${file}: label ${highest} (of image ${labels.indexOf(highest)}) is out of range: classes are numbered from 0 with at least 2 training images each, but class ${short} has ${counts[short]}. Correct or renumber the labels.`,
    );
  }
  if (highest < 1) {
    throw new HeddleError(`${file}: every label is 0: expected at least 2 classes to tell apart.`);
  }
  if (highest >= mostClasses) {
    throw new HeddleError(
      `${file}: ${highest + 1} classes are more than the ${mostClasses} that heddle tells apart.`,
    );
  }
  return highest + 1;
}

/** @throws HeddleError naming the first label that is not below `classes`. */
export function checkLabelRange(labels: Labels, classes: number, file: string): void {
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong === -1) return;
  throw new HeddleError(
    `${file}: label ${labels[wrong]} (of image ${wrong}) is out of range: expected 0 to ${classes - 1}, the ${classes} classes of the training labels.`,
  );
}
