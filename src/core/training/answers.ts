import type { Labels } from "../data/dataset.js";
import { labelsKind } from "../data/labels.js";
import { checkTargets, greatestOfRows, type TargetsOf } from "../data/targets.js";
import { HeddleError, UsageError } from "../errors.js";
import { checkValue } from "../options/index.js";
import { plainCopy } from "../plain-copy.js";
import { plural } from "../words.js";

/** What images should give. */
export interface Answers {
  /** The class of each, [N]: of targets that of the greatest; 0 of all where an image has several labels. */
  readonly labels: Labels;
  /** [N, classes], where they were given. */
  readonly targets?: Float32Array;
}

/**
 * Copies of labels, or of targets: what was checked is what counts, whatever is written to the given ones meanwhile.
 *
 * @param place says whose they are: `evaluate`, `fit: train`
 * @param images how many there are, where that is known
 * @throws UsageError or HeddleError on neither, both, or what doesn't fit the model; but for labels' own values
 */
export function checkAnswers(
  place: string,
  { labels, targets: given }: Partial<Record<keyof Answers, unknown>>,
  model: TargetsOf,
  images?: number,
): Answers {
  if (given === undefined) {
    if (labels !== undefined && model.loss === "binaryCrossEntropy") {
      throw new UsageError(
        `${place} has labels, one class an image, but the model's loss is binaryCrossEntropy, for any number of labels an image: give targets, a Float32Array of [N, ${model.classes}], 1 for each label that an image has and 0 for the others.`,
      );
    }
    return { labels: plainCopy(checkValue(place, "labels", labels, labelsKind)) };
  }
  if (labels !== undefined) {
    throw new UsageError(`${place} has both labels and targets; give one of them, since each says the same.`);
  }
  const { classes, loss } = model;
  // Whole rows of another number than there are images are counted later.
  const isRagged = given instanceof Float32Array && given.length % classes !== 0;
  const across = isRagged && images ? given.length / images : 0;
  if (across > 0 && Number.isInteger(across)) {
    throw new HeddleError(
      `${place} has ${plural(across, "target")} an image, but the model tells ${classes} classes apart; give ${classes} an image.`,
    );
  }
  const targets = checkTargets(place, given, model);
  if (loss !== "binaryCrossEntropy") return { labels: greatestOfRows(targets, classes), targets };
  return { labels: new Uint8Array(targets.length / classes), targets };
}

/** @throws HeddleError naming the first label that is no class */
export function checkLabels(place: string, labels: Labels, classes: number): void {
  const wrong = labels.findIndex((label) => label >= classes);
  if (wrong < 0) return;
  throw new HeddleError(
    `${place}: label ${labels[wrong]} (of image ${wrong}) is out of range: expected 0 to ${classes - 1}, the ${classes} classes of the model.`,
  );
}
