import type { OptimizerConfig } from "./optimizer.js";
import { requirePositive, requireShare } from "./options.js";

export interface RmspropOptions {
  /** Decay of the squared gradient's running mean (default 0.9). */
  rho?: number;
  /** Keeps the quotient finite (default 1e-7). */
  epsilon?: number;
  /** Share of the last move kept (default 0). */
  momentum?: number;
}

/**
 * RMSprop (Tieleman and Hinton 2012): v ← ρv + (1 − ρ)g², w ← w − α·g / √(v + ε), through momentum where
 * asked. Defaults are Keras's.
 *
 * @throws UsageError on a number out of range.
 */
export function rmsprop({ rho = 0.9, epsilon = 1e-7, momentum = 0 }: RmspropOptions = {}): OptimizerConfig {
  requireShare("rmsprop's rho", rho);
  requirePositive("rmsprop's epsilon", epsilon);
  requireShare("rmsprop's momentum", momentum);
  return { name: "rmsprop", rho, epsilon, momentum };
}
