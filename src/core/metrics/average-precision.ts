import { HeddleError } from "../errors.js";
import { checkValue, typedArray } from "../options/index.js";

/**
 * Average precision, Σ (Rₙ − Rₙ₋₁) · Pₙ over the thresholds from the greatest score down, without interpolation, as
 * scikit-learn's `average_precision_score`: equal scores share one threshold, and without a positive it is 0.
 *
 * @param scores one number an example, none of them NaN
 * @param positive 1 where the example is one to be found, else 0
 * @throws HeddleError on other arrays, two that differ in length, or a score that is not a number
 */
export function averagePrecision(scores: Float32Array, positive: Uint8Array): number {
  checkValue("averagePrecision", "scores", scores, typedArray("Float32Array"));
  checkValue("averagePrecision", "positive", positive, typedArray("Uint8Array"));
  if (scores.length !== positive.length) {
    throw new HeddleError(
      `averagePrecision got ${scores.length} scores and ${positive.length} answers: expected one answer a score.`,
    );
  }
  const wrong = scores.findIndex(Number.isNaN);
  if (wrong !== -1) throw new HeddleError(`averagePrecision: score ${wrong} is NaN: expected a number.`);
  const order = Uint32Array.from(scores, (_, index) => index).sort((a, b) => scores[b] - scores[a]);
  let found = 0;
  let sum = 0;
  for (let at = 0; at < order.length; ) {
    const score = scores[order[at]];
    const before = found;
    for (; at < order.length && scores[order[at]] === score; at++) if (positive[order[at]]) found++;
    sum += (found - before) * (found / at);
  }
  return found === 0 ? 0 : sum / found;
}
