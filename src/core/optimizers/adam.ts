import type { OptimizerConfig } from "./optimizer.js";
import { requirePositive, requireShare } from "./options.js";

export interface AdamOptions {
  /** Decay of the gradient's running mean (default 0.9). */
  beta1?: number;
  /** Decay of the squared gradient's running mean (default 0.999). */
  beta2?: number;
  /** Keeps the quotient finite (default 1e-7, as Keras has it). */
  epsilon?: number;
}

/**
 * Adam (Kingma and Ba 2015), bias-corrected: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g²,
 * w ← w − α·m̂ / (√v̂ + ε). Defaults are Keras's.
 *
 * @throws UsageError on a number out of range.
 */
export function adam({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }: AdamOptions = {}): OptimizerConfig {
  requireShare("adam's beta1", beta1);
  requireShare("adam's beta2", beta2);
  requirePositive("adam's epsilon", epsilon);
  return { name: "adam", beta1, beta2, epsilon };
}
