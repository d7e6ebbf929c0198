import type { LossOfLogits } from "./softmax-cross-entropy.js";

/**
 * Sigmoid and binary cross-entropy in one, each label's question apart from the others': p = σ(z) = 1 / (1 + e^−z),
 * loss = −(1/L) Σ t · ln p + (1 − t) · ln(1 − p), the mean over the L labels, as Keras's BinaryCrossentropy has it;
 * written as max(z, 0) − t · z + ln(1 + e^−|z|), which doesn't overflow (TensorFlow,
 * `sigmoid_cross_entropy_with_logits`). Label smoothing s makes t (1 − s) · t + s / 2, as there. A sample's weight
 * multiplies its loss and its gradient, (p − t) / (L · N); the mean stays that over N samples.
 * @param logits [N, labels]
 * @param targets [N, labels], each 0 … 1
 */
export function sigmoidCrossEntropy(
  logits: Float64Array,
  targets: ArrayLike<number>,
  labels: number,
  labelSmoothing = 0,
  weights?: ArrayLike<number>,
): LossOfLogits {
  const batch = logits.length / labels;
  const losses = new Float64Array(batch);
  const probabilities = new Float64Array(logits.length);
  const gradient = new Float64Array(logits.length);
  logits.forEach((z, at) => {
    const sample = Math.floor(at / labels);
    const weight = weights?.[sample] ?? 1;
    const t = (1 - labelSmoothing) * targets[at] + labelSmoothing / 2;
    const small = Math.exp(-Math.abs(z));
    losses[sample] += (weight * (Math.max(z, 0) - t * z + Math.log1p(small))) / labels;
    probabilities[at] = (z >= 0 ? 1 : small) / (1 + small);
    gradient[at] = (weight * (probabilities[at] - t)) / (labels * batch);
  });
  return { losses, probabilities, gradient };
}
