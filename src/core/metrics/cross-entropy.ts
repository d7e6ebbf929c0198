import { log } from "../math/index.js";
import { fittingPredictions, type Predictions } from "./predictions.js";

/** The least probability that the loss tells from zero: 2⁻⁵², one image adds at most 36.04. */
export const leastProbability = 2 ** -52;

/**
 * Mean cross-entropy in nats: −(1/n) Σ ln p(true class).
 *
 * Each p is clipped to [2⁻⁵², 1] before the logarithm, which is taken in double precision. 2⁻⁵² is what
 * scikit-learn's `log_loss` clips double-precision probabilities to; float32 holds it exactly and goes down to
 * 10⁻³⁸, so nothing but a probability that is wrong beyond doubt is touched. One that is not a number makes the mean none either.
 *
 * @throws HeddleError where the predictions' sizes don't fit
 */
export function crossEntropy(predictions: Predictions): number {
  const { probabilities, labels, count, classes } = fittingPredictions(predictions);
  let sum = 0;
  for (let image = 0; image < count; image++) {
    const probability = probabilities[image * classes + labels[image]];
    sum -= log(Math.min(Math.max(probability, leastProbability), 1));
  }
  return sum / count;
}
