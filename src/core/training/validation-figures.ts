import type { LossName } from "../loss.js";
import { crossEntropy } from "../metrics/cross-entropy.js";
import { predictedClasses } from "../metrics/predictions.js";
import { binaryCrossEntropy, pairAccuracy, softCrossEntropy } from "../metrics/soft-losses.js";
import type { Answers } from "./answers.js";

/**
 * Mean loss and accuracy of what a model said of images: the share named rightly, with soft targets by the class of
 * the greatest; of several labels an image the share of pairs of an image and a label on the right side of ½.
 *
 * @param probabilities [N, classes]
 */
export function validationFigures(
  probabilities: Float32Array,
  { labels, targets }: Answers,
  { loss, classes }: { readonly loss: LossName; readonly classes: number },
): { readonly loss: number; readonly accuracy: number } {
  if (targets && loss === "binaryCrossEntropy") {
    const predictions = { probabilities, targets };
    return { loss: binaryCrossEntropy(predictions), accuracy: pairAccuracy(predictions) };
  }
  const count = labels.length;
  const predictions = { probabilities, labels, count, classes };
  const correct = predictedClasses(predictions).filter((predicted, row) => predicted === labels[row]);
  return {
    loss: targets ? softCrossEntropy({ probabilities, targets }, classes) : crossEntropy(predictions),
    accuracy: correct.length / count,
  };
}
