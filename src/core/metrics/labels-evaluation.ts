import { HeddleError } from "../errors.js";
import { checkValue, listOf, text, typedArray } from "../options/index.js";
import { averagePrecision } from "./average-precision.js";
import type { PrecisionRecall } from "./confusion.js";
import { checkProbabilities } from "./predictions.js";
import { binaryCrossEntropy, pairAccuracy, type SoftPredictions, yesFrom } from "./soft-losses.js";

/** A label's figures: has an image it, or not. */
export interface LabelEvaluation extends PrecisionRecall {
  /** As the data set has it. */
  readonly name: string;
  /** Area under its curve of precision over recall, by steps; 0 where no image has the label. */
  readonly averagePrecision: number;
  /** Images that have the label. */
  readonly support: number;
}

/**
 * How good a model of several labels an image is on n images, by scikit-learn's definitions. A label is predicted
 * from a probability of ½ on, and a target from ½ on says that an image has it; a quotient whose divisor is zero is 0.
 * Shares are 0 … 1.
 */
export interface LabelsEvaluation {
  /** Images judged. */
  readonly n: number;
  /** Mean binary cross-entropy over all pairs of an image and a label, in nats. */
  readonly loss: number;
  /** Share of those pairs predicted right: 1 less the Hamming loss. */
  readonly accuracy: number;
  /** Share of images whose every label is predicted right, and no other. */
  readonly exactMatch: number;
  /** Mean of the labels' average precisions. */
  readonly meanAveragePrecision: number;
  /** Of all pairs together. */
  readonly micro: PrecisionRecall;
  /** Means over the labels, each counting the same. */
  readonly macro: PrecisionRecall;
  /** Each by itself, in the order of the targets. */
  readonly labels: readonly LabelEvaluation[];
}

const namesKind = listOf(text(/^/, "text"), { from: 1, what: "a list of one name a label" });
const floats = typedArray("Float32Array");

const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

/** Of pairs of an image and a label: those that are so, those predicted, and those that are both. */
interface Counts {
  support: number;
  predicted: number;
  right: number;
}

const figuresOf = ({ support, predicted, right }: Counts): PrecisionRecall => ({
  precision: ratio(right, predicted),
  recall: ratio(right, support),
  f1: ratio(2 * right, predicted + support),
});

/**
 * Judges probabilities of labels against the truth.
 *
 * @param probabilities sigmoid outputs, [n, labels], row-major
 * @param targets [n, labels], 1 where an image has a label
 * @param labelNames their number is the number of labels
 * @throws HeddleError when an argument is of another type, when the sizes don't fit, or on a probability or target out
 * of range
 */
export function evaluateLabels(
  probabilities: Float32Array,
  targets: Float32Array,
  labelNames: readonly string[],
): LabelsEvaluation {
  const labels = checkValue("evaluateLabels", "labelNames", labelNames, namesKind).length;
  checkValue("evaluateLabels", "probabilities", probabilities, floats);
  checkValue("evaluateLabels", "targets", targets, floats);
  const n = targets.length / labels;
  if (!Number.isInteger(n) || n === 0 || probabilities.length !== targets.length) {
    throw new HeddleError(
      `evaluateLabels got ${probabilities.length} probabilities and ${targets.length} targets for ${labels} labels: expected as many of both, ${labels} an image.`,
    );
  }
  const wrong = targets.findIndex((target) => !(target >= 0 && target <= 1));
  if (wrong >= 0) {
    throw new HeddleError(
      `Image ${Math.floor(wrong / labels)} has target ${targets[wrong]} for label ${wrong % labels}: expected a number from 0 to 1.`,
    );
  }
  checkProbabilities(probabilities, labels);
  const predictions: SoftPredictions = { probabilities, targets };
  const counts = countsOf(predictions, labels);
  const each = counts.map((count, label): LabelEvaluation => {
    const column = Float32Array.from({ length: n }, (_, image) => probabilities[image * labels + label]);
    const positive = Uint8Array.from(column, (_, image) =>
      Number(targets[image * labels + label] >= yesFrom),
    );
    return {
      name: labelNames[label],
      ...figuresOf(count),
      averagePrecision: averagePrecision(column, positive),
      support: count.support,
    };
  });
  const sum = (key: keyof Counts): number => counts.reduce((whole, count) => whole + count[key], 0);
  const mean = (key: keyof PrecisionRecall | "averagePrecision"): number =>
    each.reduce((whole, label) => whole + label[key], 0) / labels;
  return {
    n,
    loss: binaryCrossEntropy(predictions),
    accuracy: pairAccuracy(predictions),
    exactMatch: exactMatch(predictions, labels),
    meanAveragePrecision: mean("averagePrecision"),
    micro: figuresOf({ support: sum("support"), predicted: sum("predicted"), right: sum("right") }),
    macro: { precision: mean("precision"), recall: mean("recall"), f1: mean("f1") },
    labels: each,
  };
}

function countsOf({ probabilities, targets }: SoftPredictions, labels: number): Counts[] {
  const counts = Array.from({ length: labels }, (): Counts => ({ support: 0, predicted: 0, right: 0 }));
  for (let at = 0; at < targets.length; at++) {
    const count = counts[at % labels];
    const [is, said] = [targets[at] >= yesFrom, probabilities[at] >= yesFrom];
    if (is) count.support++;
    if (said) count.predicted++;
    if (is && said) count.right++;
  }
  return counts;
}

function exactMatch({ probabilities, targets }: SoftPredictions, labels: number): number {
  let matches = 0;
  for (let first = 0; first < targets.length; first += labels) {
    let matched = true;
    for (let at = first; at < first + labels; at++)
      matched &&= probabilities[at] >= yesFrom === targets[at] >= yesFrom;
    if (matched) matches++;
  }
  return matches / (targets.length / labels);
}
