import { HeddleError } from "../errors.js";
import { checkValue, typedArray } from "../options/index.js";

/**
 * A receiver operating characteristic: for each threshold, the shares of negatives (`fpr`) and of positives
 * (`tpr`) whose score reaches it. The first threshold is Infinity: nothing reaches it.
 */
export interface RocCurve {
  readonly fpr: readonly number[];
  readonly tpr: readonly number[];
  readonly thresholds: readonly number[];
  /** Area under the curve; NaN where there is no positive or no negative. */
  readonly auc: number;
}

/**
 * The curve of one score against a yes or no, as scikit-learn's `roc_curve` draws it by default: equal scores
 * share one threshold, and a point between two others on a straight line is dropped
 * (`drop_intermediate=True`). Without negatives every `fpr` is NaN, without positives every `tpr`.
 *
 * The area is the sum of trapezia over all points, counted in whole numbers: half a pair for each tie between
 * a positive and a negative (Hanley and McNeil 1982).
 *
 * @param scores one number an example, none of them NaN
 * @param positive 1 where the example is one to be found, else 0
 * @throws HeddleError on other arrays, two that differ in length, or a score that is not a number
 */
export function rocCurve(scores: Float32Array, positive: Uint8Array): RocCurve {
  checkValue("rocCurve", "scores", scores, typedArray("Float32Array"));
  checkValue("rocCurve", "positive", positive, typedArray("Uint8Array"));
  if (scores.length !== positive.length) {
    throw new HeddleError(
      `rocCurve got ${scores.length} scores and ${positive.length} answers: expected one answer a score.`,
    );
  }
  const wrong = scores.findIndex(Number.isNaN);
  if (wrong !== -1) throw new HeddleError(`rocCurve: score ${wrong} is NaN: expected a number.`);
  // Numbers alone are sorted ten times as fast as by what compares two of them.
  const found = scores.filter((_, at) => positive[at] !== 0).sort();
  const others = scores.filter((_, at) => positive[at] === 0).sort();

  const thresholds: number[] = [];
  const falsePositives: number[] = [];
  const truePositives: number[] = [];
  let negatives = 0;
  let positives = 0;
  let doubleArea = 0;
  while (positives + negatives < scores.length) {
    const [negativesBefore, positivesBefore] = [negatives, positives];
    // From the highest on; what is beyond either end is undefined, which equals no score.
    const next = positives < found.length ? found[found.length - 1 - positives] : Number.NEGATIVE_INFINITY;
    const other =
      negatives < others.length ? others[others.length - 1 - negatives] : Number.NEGATIVE_INFINITY;
    const score = Math.max(next, other);
    while (found[found.length - 1 - positives] === score) positives++;
    while (others[others.length - 1 - negatives] === score) negatives++;
    doubleArea += (negatives - negativesBefore) * (positives + positivesBefore);
    thresholds.push(score);
    falsePositives.push(negatives);
    truePositives.push(positives);
  }

  const kept = corners(falsePositives, truePositives);
  return {
    fpr: [0, ...kept.map((index) => falsePositives[index])].map((count) => count / negatives),
    tpr: [0, ...kept.map((index) => truePositives[index])].map((count) => count / positives),
    thresholds: [Number.POSITIVE_INFINITY, ...kept.map((index) => thresholds[index])],
    auc: doubleArea / (2 * positives * negatives),
  };
}

/**
 * The indices at which a path of counts turns or changes its pace, and both ends. Equal steps one after
 * another are what scikit-learn looks for (a second difference of zero), not collinearity in general.
 */
function corners(x: readonly number[], y: readonly number[]): number[] {
  const last = x.length - 1;
  const kept: number[] = [];
  for (let index = 0; index <= last; index++) {
    const inside = index > 0 && index < last;
    const straight =
      inside &&
      x[index + 1] - 2 * x[index] + x[index - 1] === 0 &&
      y[index + 1] - 2 * y[index] + y[index - 1] === 0;
    if (!straight) kept.push(index);
  }
  return kept;
}
