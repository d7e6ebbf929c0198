import { checkValue, wholeNumber } from "../options/index.js";
import { checkedPredictions, type Predictions } from "./predictions.js";

/**
 * Share of images whose true class is among the k of greatest probability, 0 … 1.
 *
 * Among equal probabilities the class with the higher number counts as the greater one, as in scikit-learn's
 * `top_k_accuracy_score`. So the first place can differ from `predictedClasses`, which takes the lower number.
 *
 * @throws HeddleError as `predictionsOf` does. @throws UsageError unless k is a whole number of 1 or more
 */
export function topKAccuracy(predictions: Predictions, k: number): number {
  const { probabilities, labels, count, classes } = checkedPredictions(predictions);
  checkValue("topKAccuracy", "k", k, wholeNumber({ from: 1 }));
  let hits = 0;
  for (let image = 0; image < count; image++) {
    const row = image * classes;
    const label = labels[image];
    const own = probabilities[row + label];
    let ahead = 0;
    for (let other = 0; other < classes; other++) {
      const probability = probabilities[row + other];
      if (probability > own || (probability === own && other > label)) ahead++;
    }
    if (ahead < k) hits++;
  }
  return hits / count;
}
