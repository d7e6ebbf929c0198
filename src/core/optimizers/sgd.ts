import { UsageError } from "../errors.js";
import type { OptimizerConfig } from "./optimizer.js";
import { requireNotNegative, requireShare } from "./options.js";

export interface SgdOptions {
  /** Share of the last move kept, 0 … 1 (default 0). */
  momentum?: number;
  /** Looks ahead along the momentum (Nesterov 1983; default false). */
  nesterov?: boolean;
  /** λ of an L2 penalty: λ·w is added to each gradient (default 0). */
  weightDecay?: number;
}

/**
 * Stochastic gradient descent: v ← momentum·v − α·(g + λ·w), w ← w + v; with `nesterov`,
 * w ← w + momentum·v − α·(g + λ·w). Defaults are Keras's.
 *
 * @throws UsageError on a number out of range, or `nesterov` without momentum.
 */
export function sgd({ momentum = 0, nesterov = false, weightDecay = 0 }: SgdOptions = {}): OptimizerConfig {
  requireShare("sgd's momentum", momentum);
  requireNotNegative("sgd's weightDecay", weightDecay);
  if (nesterov && momentum === 0) {
    throw new UsageError("sgd's nesterov needs a momentum above 0, such as 0.9; it is 0.");
  }
  return { name: "sgd", momentum, nesterov, weightDecay };
}
