import type { Labels } from "../data/dataset.js";
import { predictionsOf } from "../metrics/predictions.js";

/** An image whose label is likely wrong. */
export interface LabelError {
  /** Which of the images. */
  readonly image: number;
  /** The label that it has. */
  readonly label: number;
  /** The class that it likely is of. */
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
  /**
   * How many labels are wrong, as the joint has it once each row is scaled to all images of its label: an estimate that no
   * ranking is in.
   */
  readonly estimated: number;
}

/**
 * Likely label errors by confident learning (Northcutt, Jiang and Chuang 2021, Confident Learning: Estimating Uncertainty in
 * Dataset Labels, arXiv 1911.00068).
 *
 * The threshold of class j is the mean self-confidence of the images labelled j, tⱼ = mean of p(j | x) over them: a model's
 * usual doubt about a class is no sign of errors in it. An image counts as of the class that is likeliest among those with
 * p(j | x) ≥ tⱼ, and in the confident joint under its label and that class. Those off the diagonal are the errors, ranked by
 * their self-confidence p(label | x). It tells errors from doubt: where two classes are easily mistaken for each other, both have a
 * probability worth the name.
 *
 * @param probabilities [N, classes], each image's by a model that didn't learn from it, as `crossValidate` gives them
 * @param labels [N], each below the number of classes
 * @throws HeddleError where the two don't fit each other, or a number is no probability.
 */
export function findLabelErrors(probabilities: Float32Array, labels: Labels, classes: number): LabelErrors {
  predictionsOf(probabilities, labels, classes);
  const thresholds = selfConfidence(probabilities, labels, classes);
  const joint = new Uint32Array(classes * classes);
  const errors: LabelError[] = [];
  for (const [image, label] of labels.entries()) {
    const row = probabilities.subarray(image * classes, (image + 1) * classes);
    const suggestion = confidentClass(row, thresholds);
    if (suggestion === undefined) continue;
    joint[label * classes + suggestion]++;
    if (suggestion === label) continue;
    errors.push({ image, label, suggestion, labelProbability: row[label], probability: row[suggestion] });
  }
  errors.sort((a, b) => a.labelProbability - b.labelProbability || a.image - b.image);
  return { errors, thresholds, joint, estimated: estimatedErrors(joint, labels, classes) };
}

function selfConfidence(probabilities: Float32Array, labels: Labels, classes: number): Float64Array {
  const sums = new Float64Array(classes);
  const counts = new Uint32Array(classes);
  for (const [image, label] of labels.entries()) {
    sums[label] += probabilities[image * classes + label];
    counts[label]++;
  }
  return sums.map((sum, label) => (counts[label] === 0 ? Number.POSITIVE_INFINITY : sum / counts[label]));
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

/** Of each label, the share of its confident images that are of another class, times how many it has. */
function estimatedErrors(joint: Uint32Array, labels: Labels, classes: number): number {
  const counts = new Uint32Array(classes);
  for (const label of labels) counts[label]++;
  let errors = 0;
  for (let label = 0; label < classes; label++) {
    const row = joint.subarray(label * classes, (label + 1) * classes);
    const confident = row.reduce((sum, count) => sum + count, 0);
    if (confident > 0) errors += (counts[label] * (confident - row[label])) / confident;
  }
  return errors;
}
