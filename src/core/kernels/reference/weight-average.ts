/**
 * Moves an average towards weights in place: a ← a + share · (w − a). With the share (1 − d) / (1 − d^(t+1)) at step t
 * from 0, a is what Adam's first moment would be of the weights, freed of its bias towards zero (Kingma and Ba 2015,
 * section 7.2): (1 − d) Σ d^(t−s) w_s / (1 − d^(t+1)).
 */
export function weightAverageStep(average: Float64Array, weights: ArrayLike<number>, share: number): void {
  for (let at = 0; at < average.length; at++) average[at] += share * (weights[at] - average[at]);
}
