import { predictedClasses, predictionsOf } from "../../core/metrics/predictions.js";
import type { PredictedRun } from "./roc-curves.js";

/** What a run says of a test image. */
export interface JudgedImage {
  /** Which of the test images. */
  readonly image: number;
  readonly label: number;
  readonly predicted: number;
  /** Of the predicted class. */
  readonly probability: number;
}

/** Of all test images, in their order. */
export function judgedImages({ evaluation, predictions }: PredictedRun): readonly JudgedImage[] {
  const classes = evaluation.classes.length;
  const { probabilities, labels } = predictions;
  const predicted = predictedClasses(predictionsOf(probabilities, labels, classes));
  return Array.from(labels, (label, image) => ({
    image,
    label,
    predicted: predicted[image],
    probability: probabilities[image * classes + predicted[image]],
  }));
}

export const isRight = ({ label, predicted }: JudgedImage): boolean => label === predicted;

/** The surest first, equal ones in the images' order. */
export const surestFirst = (images: readonly JudgedImage[]): readonly JudgedImage[] =>
  images.toSorted((a, b) => b.probability - a.probability || a.image - b.image);

/** All mistakes, the most confident first. */
export const mistakesOf = (run: PredictedRun): readonly JudgedImage[] =>
  surestFirst(judgedImages(run).filter((image) => !isRight(image)));
