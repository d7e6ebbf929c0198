import { checkValue, listOf, text } from "../options/index.js";
import { topKAccuracy } from "./accuracy.js";
import { expectedCalibrationError, reliabilityBins } from "./calibration.js";
import {
  classFiguresOf,
  confusionMatrix,
  macroAverage,
  mostClassesInDetail,
  type PrecisionRecall,
  weightedAverage,
} from "./confusion.js";
import { crossEntropy } from "./cross-entropy.js";
import { type Predictions, predictedClasses, predictionsOf } from "./predictions.js";
import { type RocCurve, rocCurve } from "./roc-curve.js";

/** A class's figures, one against the rest. */
export interface ClassEvaluation extends PrecisionRecall {
  /** As the data set has it. */
  readonly name: string;
  /** Area under its ROC curve; null where all images or none are of this class, and where no curve is drawn. */
  readonly auc: number | null;
  /** Images of this class. */
  readonly support: number;
}

/** A ROC curve fit for JSON: what is not finite (the first threshold, an undefined rate) is null. */
export interface RocEvaluation {
  /** The class's, or `micro`. */
  readonly name: string;
  /** False positives among all negatives, from 0 to 1. */
  readonly fpr: readonly (number | null)[];
  /** True positives among all positives, from 0 to 1. */
  readonly tpr: readonly (number | null)[];
  /** The probability from which an image is taken for the class, at each point of the curve. */
  readonly thresholds: readonly (number | null)[];
}

/** How good a classifier is on n images: `evaluation.json` as it stands. Shares are 0 … 1. */
export interface Evaluation {
  /** Images judged. */
  readonly n: number;
  /** Share of images whose class has the highest probability. */
  readonly accuracy: number;
  /** Mean cross-entropy in nats. */
  readonly loss: number;
  /** Mean of the classes' areas; null where one of them is, and where no curve is drawn. */
  readonly macroAuc: number | null;
  /** Area of the curve over all (image, class) pairs at once; null where no curve is drawn. */
  readonly microAuc: number | null;
  /** Share of images whose class is among the two of highest probability. */
  readonly top2Accuracy: number;
  /** Over 15 equal bins. */
  readonly expectedCalibrationError: number;
  /** Means over the classes, each counting the same. */
  readonly macro: PrecisionRecall;
  /** Means over the classes, each counting by its images. */
  readonly weighted: PrecisionRecall;
  /** Each against the rest, in the order of the labels. */
  readonly classes: readonly ClassEvaluation[];
  /** `confusion[true][predicted]`, counts; empty of more than 1,024 classes. */
  readonly confusion: readonly (readonly number[])[];
  /**
   * A curve a class, and last the one over all pairs, named `micro`; empty of more than 1,024 classes, or of more
   * than 2²⁴ pairs of an image and a class.
   */
  readonly roc: readonly RocEvaluation[];
}

const finiteOrNull = (value: number): number | null => (Number.isFinite(value) ? value : null);

function oneAgainstTheRest({ probabilities, labels, count, classes }: Predictions, wanted: number): RocCurve {
  const scores = new Float32Array(count);
  const positive = new Uint8Array(count);
  for (let image = 0; image < count; image++) {
    scores[image] = probabilities[image * classes + wanted];
    positive[image] = labels[image] === wanted ? 1 : 0;
  }
  return rocCurve(scores, positive);
}

function allPairs({ probabilities, labels, count, classes }: Predictions): RocCurve {
  const positive = new Uint8Array(count * classes);
  for (let image = 0; image < count; image++) positive[image * classes + labels[image]] = 1;
  return rocCurve(probabilities, positive);
}

const rocEvaluation = (name: string, { fpr, tpr, thresholds }: RocCurve): RocEvaluation => ({
  name,
  fpr: fpr.map(finiteOrNull),
  tpr: tpr.map(finiteOrNull),
  thresholds: thresholds.map(finiteOrNull),
});

/** Pairs of an image and a class that are sorted at once. */
const mostPairs = 2 ** 24;

const namesKind = listOf(text(/^/, "text"), { from: 1, what: "a list of one name a class" });

/**
 * Judges probabilities against the truth. Ties and undefined figures are settled as scikit-learn does; each
 * figure's function says how.
 *
 * @param probabilities softmax outputs, [n, classes], row-major
 * @param labels the n true classes
 * @param classNames one name a class: their number is the number of classes
 * @throws HeddleError when an argument is of another type, when the sizes don't fit, or on a label or probability
 * out of range
 */
export function evaluate(
  probabilities: Float32Array,
  labels: ArrayLike<number>,
  classNames: readonly string[],
): Evaluation {
  checkValue("evaluate", "classNames", classNames, namesKind);
  const classes = classNames.length;
  const predictions = predictionsOf(probabilities, labels, classes);
  const { count } = predictions;
  const predicted = predictedClasses(predictions);
  const figures = classFiguresOf(labels, predicted, classes);
  const few = classes <= mostClassesInDetail;
  const drawn = few && count * classes <= mostPairs;
  const curves = drawn ? classNames.map((_, index) => oneAgainstTheRest(predictions, index)) : [];
  const micro = drawn ? allPairs(predictions) : undefined;
  return {
    n: count,
    accuracy: predicted.reduce((right, each, image) => right + (each === labels[image] ? 1 : 0), 0) / count,
    loss: crossEntropy(predictions),
    macroAuc: finiteOrNull(curves.reduce((sum, { auc }) => sum + auc, 0) / curves.length),
    microAuc: finiteOrNull(micro?.auc ?? Number.NaN),
    top2Accuracy: topKAccuracy(predictions, 2),
    expectedCalibrationError: expectedCalibrationError(reliabilityBins(predictions)),
    macro: macroAverage(figures),
    weighted: weightedAverage(figures),
    classes: figures.map(({ precision, recall, f1, support }, index) => ({
      name: classNames[index],
      precision,
      recall,
      f1,
      auc: finiteOrNull(curves[index]?.auc ?? Number.NaN),
      support,
    })),
    confusion: few ? confusionMatrix(labels, predicted, classes) : [],
    roc: [
      ...curves.map((curve, index) => rocEvaluation(classNames[index], curve)),
      ...(micro ? [rocEvaluation("micro", micro)] : []),
    ],
  };
}
