import { HeddleError } from "../errors.js";
import { type OptionKind, typedArray, wholeNumber } from "../options/index.js";
import type { Labels } from "./dataset.js";

/** As many as 16-bit labels count, and room beyond. */
export const mostClasses = 2 ** 20;

export const labelsKind: OptionKind<Labels> = typedArray("Uint8Array", "Uint16Array", "Uint32Array");

export const classesKind: OptionKind<number> = wholeNumber({ from: 1, to: mostClasses });

/** The narrowest numbers that hold the labels of so many classes. */
export const labelNumbersOf = (classes: number) =>
  classes <= 2 ** 8 ? Uint8Array : classes <= 2 ** 16 ? Uint16Array : Uint32Array;

/** How many labels each class has: [classes]. Labels beyond are left out. */
export function countLabels(labels: Labels, classes: number): Uint32Array {
  const counts = new Uint32Array(classes);
  for (const label of labels) if (label < classes) counts[label]++;
  return counts;
}

/** @throws HeddleError naming the first label that is not below `classes`. */
export function checkLabelRange(labels: Labels, classes: number, file: string): void {
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong === -1) return;
  throw new HeddleError(
    `${file}: label ${labels[wrong]} (of image ${wrong}) is out of range: expected 0 to ${classes - 1}, the ${classes} classes of the training labels.`,
  );
}
