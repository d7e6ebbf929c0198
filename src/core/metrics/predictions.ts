import { HeddleError } from "../errors.js";

/** What a classifier said of n images, beside what they are. */
export interface Predictions {
  /** Softmax outputs, [count, classes], row-major. */
  readonly probabilities: Float32Array;
  /** The true class of each image, 0 … classes − 1. */
  readonly labels: ArrayLike<number>;
  readonly count: number;
  readonly classes: number;
}

/**
 * Pairs probabilities with labels after checking that they fit each other.
 *
 * @throws HeddleError when there is no image, when the sizes don't match, when a label is no class, or when a
 * probability is not a number in [0, 1].
 */
export function predictionsOf(
  probabilities: Float32Array,
  labels: ArrayLike<number>,
  classes: number,
): Predictions {
  const count = labels.length;
  if (count === 0)
    throw new HeddleError("There is no image to judge: expected at least one label, got none.");
  if (probabilities.length !== count * classes) {
    throw new HeddleError(
      `Got ${probabilities.length} probabilities for ${count} labels and ${classes} classes: ` +
        `expected ${count} × ${classes} = ${count * classes}.`,
    );
  }
  for (let image = 0; image < count; image++) {
    const label = labels[image];
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      throw new HeddleError(
        `Image ${image} has label ${label}: expected a whole number from 0 to ${classes - 1}. ` +
          "Judge the model on data that has its classes.",
      );
    }
    for (let index = image * classes; index < (image + 1) * classes; index++) {
      const probability = probabilities[index];
      // Rounding in float32 can lift a softmax output a few units in the last place above 1.
      if (!(probability >= 0 && probability <= 1 + 1e-6)) {
        throw new HeddleError(
          `Image ${image} has probability ${probability} for class ${index - image * classes}: ` +
            "expected a number from 0 to 1. Weights that have diverged give such outputs: " +
            "train again with a lower learning rate.",
        );
      }
    }
  }
  return { probabilities, labels, count, classes };
}

/** The class of the greatest probability of each image; of equal ones the first, as NumPy's argmax does. */
export function predictedClasses({ probabilities, count, classes }: Predictions): Uint32Array {
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
