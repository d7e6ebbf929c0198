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
  readonly name: string;
  /** Area under its ROC curve; null where all images or none are of this class, and where no curve is drawn. */
  readonly auc: number | null;
  /** Images of this class. */
  readonly support: number;
}

/** A ROC curve fit for JSON: what is not finite (the first threshold, an undefined rate) is null. */
export interface RocEvaluation {
  readonly name: string;
  readonly fpr: readonly (number | null)[];
  readonly tpr: readonly (number | null)[];
  readonly thresholds: readonly (number | null)[];
}

/** How good a classifier is on n images: `evaluation.json` as it stands. Shares are 0 … 1. */
export interface Evaluation {
  /** Images judged. */
  readonly n: number;
  readonly accuracy: number;
  /** Mean cross-entropy in nats. */
  readonly loss: number;
  /** Mean of the classes' areas; null where one of them is, and where no curve is drawn. */
  readonly macroAuc: number | null;
  /** Area of the curve over all (image, class) pairs at once; null where no curve is drawn. */
  readonly microAuc: number | null;
  readonly top2Accuracy: number;
  /** Over 15 equal bins. */
  readonly expectedCalibrationError: number;
  readonly macro: PrecisionRecall;
  readonly weighted: PrecisionRecall;
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
