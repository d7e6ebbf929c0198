/** What a loss says of logits. */
export interface LossOfLogits {
  /** Natural logarithm, [N]. */
  readonly losses: Float64Array;
  /** [N, classes] */
  readonly probabilities: Float64Array;
  /** Of the mean loss, with respect to the logits: (p − target) / N, [N, classes]. */
  readonly gradient: Float64Array;
}

/** Rows of 1 for the label and 0 elsewhere, [N, classes]. */
export function oneHot(labels: ArrayLike<number>, classes: number): Float64Array {
  const targets = new Float64Array(labels.length * classes);
  for (let sample = 0; sample < labels.length; sample++) targets[sample * classes + labels[sample]] = 1;
  return targets;
}

/**
 * The loss of a distillation for one sample, (1 − w) · CE(y, softmax(z)) + w · T² · CE(q, softmax(z / T)), and its gradient
 * (1 − w) · (p − y) + w · T · (softmax(z / T) − q) (Hinton et al. 2015).
 *
 * @param own y, and @param taught q: probabilities of classes
 */
export function distilledCrossEntropy(
  logits: Float64Array,
  { own, taught }: Readonly<Record<"own" | "taught", ArrayLike<number>>>,
  { weight, temperature }: { readonly weight: number; readonly temperature: number },
): { readonly loss: number; readonly gradient: Float64Array } {
  const hard = softmaxCrossEntropy(logits, own, logits.length);
  const soft = softmaxCrossEntropy(
    logits.map((logit) => logit / temperature),
    taught,
    logits.length,
  );
  return {
    loss: (1 - weight) * hard.losses[0] + weight * temperature ** 2 * soft.losses[0],
    gradient: hard.gradient.map((each, at) => (1 - weight) * each + weight * temperature * soft.gradient[at]),
  };
}

/**
 * Softmax and cross-entropy in one: p = e^z / Σ e^z, loss = −Σ target · ln p, where the target is the row given, or
 * (1 − s) · that + s / classes with label smoothing s (Szegedy et al. 2016). A sample's weight multiplies its loss and
 * its gradient; the mean stays that over N samples.
 * @param logits [N, classes]
 * @param targets [N, classes], each row's sum 1: `oneHot` makes them of labels
 */
export function softmaxCrossEntropy(
  logits: Float64Array,
  targets: ArrayLike<number>,
  classes: number,
  labelSmoothing = 0,
  weights?: ArrayLike<number>,
): LossOfLogits {
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
      const target = (1 - labelSmoothing) * targets[at] + labelSmoothing / classes;
      losses[sample] += weight * target * (logSum - logit);
      probabilities[at] = Math.exp(logit - logSum);
      gradient[at] = (weight * (probabilities[at] - target)) / batch;
    });
  }
  return { losses, probabilities, gradient };
}
