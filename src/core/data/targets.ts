import { HeddleError } from "../errors.js";
import type { LossName } from "../loss.js";
import { checkValue, typedArray } from "../options/index.js";
import { plainCopy } from "../plain-copy.js";
import { plural } from "../words.js";
import type { Labels } from "./dataset.js";

/** How far from 1 the probabilities of an image may add up: those that were rounded to three digits, or kept in 16 bits, do. */
export const sumTolerance = 1e-3;

/** As much as rounding in float32 can lift a softmax output above 1. */
const greatestTarget = 1 + 1e-6;

export const targetsKind = typedArray("Float32Array");

/** What targets are held against. */
export interface TargetsOf {
  readonly classes: number;
  /** What they are for; left out, it is not known yet, and what depends on it is not looked at. */
  readonly loss?: LossName;
}

/**
 * A copy of rows of targets, [N, classes]; for a cross-entropy each is divided by its sum, so that it adds up to 1.
 *
 * @param place says whose they are: `evaluate`, `fit: train`
 * @throws UsageError on another type. @throws HeddleError on what is no row of targets, naming the first
 */
export function checkTargets(place: string, given: unknown, { classes, loss }: TargetsOf): Float32Array {
  const targets = plainCopy(checkValue(place, "targets", given, targetsKind));
  if (targets.length % classes !== 0) {
    throw new HeddleError(
      `${place} has ${plural(targets.length, "target")}, which are no whole rows; give ${classes} an image, one for each of the ${classes} classes of the model.`,
    );
  }
  const wrong = targets.findIndex((target) => !(target >= 0 && target <= greatestTarget));
  if (wrong >= 0) {
    throw new HeddleError(
      `${place}: target ${targets[wrong]} (of image ${Math.floor(wrong / classes)}, class ${wrong % classes}) is out of range: expected a number from 0 to 1.`,
    );
  }
  if (loss !== "crossEntropy") return targets;
  for (let first = 0; first < targets.length; first += classes) {
    const row = targets.subarray(first, first + classes);
    const sum = row.reduce((whole, target) => whole + target, 0);
    if (!(Math.abs(sum - 1) <= sumTolerance)) throw notOne(place, first / classes, row, sum);
    for (let label = 0; label < classes; label++) row[label] /= sum;
  }
  return targets;
}

function notOne(place: string, image: number, row: Float32Array, sum: number): HeddleError {
  const severalLabels = row.every((target) => target === 0 || target === 1);
  const mend = severalLabels
    ? 'For images of several labels, or none, compile({ loss: "binaryCrossEntropy" }).'
    : 'Divide each row by its sum, or, where an image may have several labels, compile({ loss: "binaryCrossEntropy" }).';
  return new HeddleError(
    `${place}: the targets of image ${image} add up to ${Number(sum.toPrecision(6))}, but cross-entropy takes probabilities of classes, which add up to 1 (within ${sumTolerance}). ${mend}`,
  );
}

/** The class of each row's greatest target, of equal ones the first: [N]. */
export function greatestOfRows(targets: Float32Array, classes: number): Labels {
  return Uint32Array.from({ length: targets.length / classes }, (_, image) => {
    const first = image * classes;
    let best = 0;
    for (let label = 1; label < classes; label++) {
      if (targets[first + label] > targets[first + best]) best = label;
    }
    return best;
  });
}

/** Rows of 1 for the label and 0 for all others, [N, classes]. */
export function oneHotRows(labels: Labels, classes: number): Float32Array {
  const targets = new Float32Array(labels.length * classes);
  labels.forEach((label: number, image: number) => {
    targets[image * classes + label] = 1;
  });
  return targets;
}

/** Some rows out of many, in this order: [indices.length, classes]. */
export function pickRows(targets: Float32Array, classes: number, indices: Uint32Array): Float32Array {
  const picked = new Float32Array(indices.length * classes);
  indices.forEach((index, place) => {
    picked.set(targets.subarray(index * classes, (index + 1) * classes), place * classes);
  });
  return picked;
}
