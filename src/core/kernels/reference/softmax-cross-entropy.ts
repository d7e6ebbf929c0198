export interface SoftmaxCrossEntropy {
  /** Natural logarithm, [N]. */
  readonly losses: Float64Array;
  /** [N, classes] */
  readonly probabilities: Float64Array;
  /** Of the mean loss, with respect to the logits: (p − target) / N, [N, classes]. */
  readonly gradient: Float64Array;
}

/**
 * Softmax and cross-entropy in one: p = e^z / Σ e^z, loss = −Σ target · ln p, where the target is 1 for the
 * label and 0 elsewhere, or (1 − s) · that + s / classes with label smoothing s (Szegedy et al. 2016).
 * A sample's weight multiplies its loss and its gradient; the mean stays that over N samples.
 * @param logits [N, classes]
 * @param labels [N]
 */
export function softmaxCrossEntropy(
  logits: Float64Array,
  labels: ArrayLike<number>,
  classes: number,
  labelSmoothing = 0,
  weights?: ArrayLike<number>,
): SoftmaxCrossEntropy {
  const batch = logits.length / classes;
  const losses = new Float64Array(batch);
  const probabilities = new Float64Array(logits.length);
  const gradient = new Float64Array(logits.length);
  for (let sample = 0; sample < batch; sample++) {
    const row = logits.subarray(sample * classes, (sample + 1) * classes);
    // ln Σ e^z, from the largest down so that nothing overflows.
    const largest = Math.max(...row);
    const logSum = largest + Math.log(row.reduce((sum, logit) => sum + Math.exp(logit - largest), 0));
    const weight = weights?.[sample] ?? 1;
    row.forEach((logit, label) => {
      const at = sample * classes + label;
      const target = (label === labels[sample] ? 1 - labelSmoothing : 0) + labelSmoothing / classes;
      losses[sample] += weight * target * (logSum - logit);
      probabilities[at] = Math.exp(logit - logSum);
      gradient[at] = (weight * (probabilities[at] - target)) / batch;
    });
  }
  return { losses, probabilities, gradient };
}
