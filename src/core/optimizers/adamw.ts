import type { AdamOptions } from "./adam.js";
import type { OptimizerConfig } from "./optimizer.js";
import { requireNotNegative, requirePositive, requireShare } from "./options.js";

export interface AdamWOptions extends AdamOptions {
  /** λ of w ← w − α·λ·w, apart from the gradient (default 0.004). */
  weightDecay?: number;
}

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019): Adam's move, and w ← w − α·λ·w beside it.
 * Defaults are Keras's.
 *
 * @throws UsageError on a number out of range.
 */
export function adamw(options: AdamWOptions = {}): OptimizerConfig {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7, weightDecay = 0.004 } = options;
  requireShare("adamw's beta1", beta1);
  requireShare("adamw's beta2", beta2);
  requirePositive("adamw's epsilon", epsilon);
  requireNotNegative("adamw's weightDecay", weightDecay);
  return { name: "adamw", beta1, beta2, epsilon, weightDecay };
}
