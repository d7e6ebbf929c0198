import { log } from "../math/index.js";
import { leastProbability } from "./cross-entropy.js";

/** What a model said of n images, beside what it should have said. */
export interface SoftPredictions {
  /** [n, classes], row-major. */
  readonly probabilities: Float32Array;
  /** [n, classes], each 0 … 1. */
  readonly targets: Float32Array;
}

/**
 * Mean cross-entropy with soft targets in nats: −(1/n) Σ Σ t · ln p, each p clipped as `crossEntropy` has it.
 */
export function softCrossEntropy({ probabilities, targets }: SoftPredictions, classes: number): number {
  let sum = 0;
  for (let at = 0; at < targets.length; at++) {
    if (targets[at] === 0 && !Number.isNaN(probabilities[at])) continue;
    sum -= targets[at] * log(Math.min(Math.max(probabilities[at], leastProbability), 1));
  }
  return sum / (targets.length / classes);
}

/** Half the step between 1 and the float32 below: a sigmoid that has reached 1 is no further from it. */
const leastRest = 2 ** -25;

/**
 * Mean binary cross-entropy in nats over all pairs of an image and a label: −t · ln p − (1 − t) · ln(1 − p). p is
 * clipped to [2⁻⁵², 1] and 1 − p to [2⁻²⁵, 1] before the logarithm.
 */
export function binaryCrossEntropy({ probabilities, targets }: SoftPredictions): number {
  let sum = 0;
  for (let at = 0; at < targets.length; at++) {
    const [p, t] = [probabilities[at], targets[at]];
    sum -= t * log(Math.max(p, leastProbability)) + (1 - t) * log(Math.max(1 - p, leastRest));
  }
  return sum / targets.length;
}

/** From here on a probability, or a target, says yes. */
export const yesFrom = 0.5;

/** Share of the pairs of an image and a label that are on the same side of ½ in both. */
export function pairAccuracy({ probabilities, targets }: SoftPredictions): number {
  let right = 0;
  for (let at = 0; at < targets.length; at++)
    if (probabilities[at] >= yesFrom === targets[at] >= yesFrom) right++;
  return right / targets.length;
}
