import { classesKind } from "../data/labels.js";
import { HeddleError, UsageError } from "../errors.js";
import { checkValue, kindOfValue, optionValues, received, typedArray } from "../options/index.js";

/** What a classifier said of n images, beside what they are. */
export interface Predictions {
  /** Softmax outputs, [count, classes], row-major. */
  readonly probabilities: Float32Array;
  /** The true class of each image, 0 … classes − 1. */
  readonly labels: ArrayLike<number>;
  /** Images. */
  readonly count: number;
  /** Probabilities of an image. */
  readonly classes: number;
}

export const numbersKind = kindOfValue<ArrayLike<number>>(
  "an array of class numbers",
  (value) => Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView)),
);

/**
 * Pairs probabilities with labels after checking that they fit each other.
 *
 * @throws HeddleError when one of them is of another type, when there is no image, when the sizes don't match, when a label is no class, or when a
 * probability is not a number in [0, 1].
 */
export function predictionsOf(
  probabilities: Float32Array,
  labels: ArrayLike<number>,
  classes: number,
): Predictions {
  const count = checkSizes(probabilities, labels, classes);
  if (count === 0)
    throw new HeddleError("There is no image to judge: expected at least one label, got none.");
  checkProbabilities(probabilities, classes);
  return { probabilities, labels, count, classes };
}

/** @throws HeddleError naming the first that is none */
export function checkProbabilities(probabilities: Float32Array, classes: number): void {
  // Rounding in float32 can lift a softmax output a few units in the last place above 1.
  const wrong = probabilities.findIndex((probability) => !(probability >= 0 && probability <= 1 + 1e-6));
  if (wrong === -1) return;
  throw new HeddleError(
    `Image ${Math.floor(wrong / classes)} has probability ${probabilities[wrong]} for class ${wrong % classes}: ` +
      "expected a number from 0 to 1. Weights that have diverged give such outputs: " +
      "train again with a lower learning rate.",
  );
}

/** Types, sizes and labels; the number of images. */
function checkSizes(probabilities: Float32Array, labels: ArrayLike<number>, classes: number): number {
  checkValue("predictions", "probabilities", probabilities, typedArray("Float32Array"));
  checkValue("predictions", "labels", labels, numbersKind);
  checkValue("predictions", "classes", classes, classesKind);
  const count = labels.length;
  if (probabilities.length !== count * classes) {
    throw new HeddleError(
      `Got ${probabilities.length} probabilities for ${count} labels and ${classes} classes: ` +
        `expected ${count} × ${classes} = ${count * classes}.`,
    );
  }
  checkClassNumbers(labels, classes);
  return count;
}

/** @throws HeddleError naming the first that is no class */
export function checkClassNumbers(labels: ArrayLike<number>, classes: number): void {
  for (let image = 0; image < labels.length; image++) {
    const label = labels[image];
    if (Number.isInteger(label) && label >= 0 && label < classes) continue;
    throw new HeddleError(
      `Image ${image} has label ${received(label)}: expected a whole number from 0 to ${classes - 1}. ` +
        "Judge the model on data that has its classes.",
    );
  }
}

/**
 * Predictions that fit each other, but for the probabilities' own values: weights that diverge give NaN, and a
 * training that goes on has to see it.
 * @throws HeddleError as `predictionsOf` does
 */
export function fittingPredictions(predictions: Predictions): Predictions {
  const own = optionValues(predictions);
  if (own === undefined) {
    throw new UsageError(`Predictions must be what predictionsOf gives, but are ${received(predictions)}.`);
  }
  const { probabilities, labels, count, classes } = Object.fromEntries(own) as unknown as Predictions;
  if (checkSizes(probabilities, labels, classes) === count) return predictions;
  throw new UsageError(`Predictions of ${labels.length} labels have a count of ${received(count)}.`);
}

/** The same, whole: as `predictionsOf` gave them. @throws HeddleError as it does */
export function checkedPredictions(predictions: Predictions): Predictions {
  const { probabilities, labels, classes } = fittingPredictions(predictions);
  return predictionsOf(probabilities, labels, classes);
}

/**
 * The class of the greatest probability of each image; of equal ones the first, as NumPy's argmax does. Where
 * weights have diverged and nothing is a number, class 0.
 * @throws HeddleError where the predictions' sizes don't fit
 */
export function predictedClasses(predictions: Predictions): Uint32Array {
  const { probabilities, count, classes } = fittingPredictions(predictions);
  const predicted = new Uint32Array(count);
  for (let image = 0; image < count; image++) {
    const row = image * classes;
    let best = 0;
    for (let index = 1; index < classes; index++) {
      if (probabilities[row + index] > probabilities[row + best]) best = index;
    }
    predicted[image] = best;
  }
  return predicted;
}
