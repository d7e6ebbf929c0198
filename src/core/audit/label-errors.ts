import type { Labels } from "../data/dataset.js";
import { countLabels } from "../data/labels.js";
import { predictedClasses, predictionsOf } from "../metrics/predictions.js";

/** An image whose label is likely wrong. */
export interface LabelError {
  /** Which of the images. */
  readonly image: number;
  /** The label that it has. */
  readonly label: number;
  /** The class that it likely is of: the likeliest. */
  readonly suggestion: number;
  /** Probability of the label it has, its self-confidence, 0 … 1: the lower, the likelier the label is wrong. */
  readonly labelProbability: number;
  /** Probability of the suggestion, 0 … 1. */
  readonly probability: number;
}

/** What `findLabelErrors` found. */
export interface LabelErrors {
  /** The likeliest first, that is of the lowest self-confidence; of equal ones, in the images' order. */
  readonly errors: readonly LabelError[];
  /** Probability from which on an image counts as of a class: [classes]; infinite for one that no label names. */
  readonly thresholds: Float64Array;
  /** The confident joint: how many images of each label (row) are confidently of each class (column), [classes, classes]. */
  readonly joint: Uint32Array;
  /** How many labels are likely wrong, class by class: [classes]. */
  readonly estimated: Float64Array;
}

/**
 * Likely label errors by confident learning (Northcutt, Jiang and Chuang 2021, Confident Learning: Estimating Uncertainty in
 * Dataset Labels, arXiv 1911.00068).
 *
 * The threshold of class j is the mean self-confidence of the images labelled j, tⱼ = mean of p(j | x) over them: a model's
 * usual doubt about a class is no sign of errors in it. Here it is 1 / classes at least: of a class that the model knows next to
 * nothing of, such as one of a single image, no image is confidently. An image counts as of the class that is likeliest among those with
 * p(j | x) ≥ tⱼ, and in the confident joint under its label and that class. The share of a label's row that is off the diagonal says how many of the
 * images of that label are wrong: so many are taken, those of the lowest self-confidence p(label | x) (their "prune by class"),
 * less those whose label is the likeliest class all the same.
 *
 * @param probabilities [N, classes], each image's by a model that didn't learn from it, as `crossValidate` gives them
 * @param labels [N], each below the number of classes
 * @throws HeddleError where the two don't fit each other, or a number is no probability.
 */
export function findLabelErrors(probabilities: Float32Array, labels: Labels, classes: number): LabelErrors {
  const predictions = predictionsOf(probabilities, labels, classes);
  const thresholds = selfConfidence(probabilities, labels, classes);
  const joint = confidentJoint(probabilities, labels, thresholds);
  const counts = countLabels(labels, classes);
  const estimated = Float64Array.from({ length: classes }, (_, label) =>
    wrongLabels(joint.subarray(label * classes, (label + 1) * classes), label, counts[label]),
  );
  const likeliest = predictedClasses(predictions);
  const ranked = Array.from(labels, (label, image): LabelError => {
    const suggestion = likeliest[image];
    const [labelProbability, probability] = [label, suggestion].map(
      (each) => probabilities[image * classes + each],
    );
    return { image, label, suggestion, labelProbability, probability };
  }).sort((a, b) => a.labelProbability - b.labelProbability || a.image - b.image);
  const left = estimated.map(Math.round);
  const errors = ranked.filter(({ label, suggestion }) => left[label]-- > 0 && suggestion !== label);
  return { errors, thresholds, joint, estimated };
}

/** The mean probability that the images of each label have for it, or that of a guess. */
function selfConfidence(probabilities: Float32Array, labels: Labels, classes: number): Float64Array {
  const counts = countLabels(labels, classes);
  const sums = new Float64Array(classes);
  for (const [image, label] of labels.entries()) sums[label] += probabilities[image * classes + label];
  return sums.map((sum, label) =>
    counts[label] === 0 ? Number.POSITIVE_INFINITY : Math.max(sum / counts[label], 1 / classes),
  );
}

function confidentJoint(probabilities: Float32Array, labels: Labels, thresholds: Float64Array): Uint32Array {
  const classes = thresholds.length;
  const joint = new Uint32Array(classes * classes);
  for (const [image, label] of labels.entries()) {
    const row = probabilities.subarray(image * classes, (image + 1) * classes);
    const found = confidentClass(row, thresholds);
    if (found !== undefined) joint[label * classes + found]++;
  }
  return joint;
}

/** The likeliest class that reaches its threshold; the lowest of several. */
function confidentClass(row: Float32Array, thresholds: Float64Array): number | undefined {
  let found: number | undefined;
  for (const [index, probability] of row.entries()) {
    if (probability < thresholds[index]) continue;
    if (found === undefined || probability > row[found]) found = index;
  }
  return found;
}

/** Of a label's images, as many as its row of the joint has off the diagonal. */
function wrongLabels(row: Uint32Array, label: number, count: number): number {
  const confident = row.reduce((sum, images) => sum + images, 0);
  return confident === 0 ? 0 : (count * (confident - row[label])) / confident;
}
