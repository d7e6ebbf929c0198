import type { MatrixShape } from "../../optimizers/muon-matrices.js";
import type { OptimizerConfig } from "../../optimizers/optimizer.js";
import { muonStep } from "./muon.js";

/**
 * What an optimizer remembers of one tensor, as long as the tensor, zeros at first. The engine takes what is nearer to
 * zero than 2⁻¹²⁶ for zero.
 */
export interface OptimizerState {
  /** Momentum, or Adam's first moment; of a matrix that Muon takes, its running sum of gradients. */
  readonly first: Float64Array;
  /** Mean square, or Adam's second moment. */
  readonly second: Float64Array;
}

export function optimizerState(length: number): OptimizerState {
  return { first: new Float64Array(length), second: new Float64Array(length) };
}

/**
 * Moves `weights` along `gradient` in place, and its state with it.
 * @param step counts from 0
 * @param matrix the tensor's sizes where it is one that Muon takes (`muonMatrices`)
 */
export function optimizerStep(
  config: OptimizerConfig,
  weights: Float64Array,
  gradient: Float64Array,
  state: OptimizerState,
  step: number,
  learningRate: number,
  matrix?: MatrixShape,
): void {
  if (config.name === "muon" && matrix) {
    muonStep(config, weights, gradient, state.first, matrix, learningRate);
    return;
  }
  const rule = rules[config.name] as Rule<OptimizerConfig>;
  for (let at = 0; at < weights.length; at++) {
    weights[at] += rule(config, weights[at], gradient[at], state, at, step, learningRate);
  }
}

/** Updates the state at `at` and gives what to add to the weight there. */
type Rule<Config> = (
  config: Config,
  weight: number,
  gradient: number,
  state: OptimizerState,
  at: number,
  step: number,
  learningRate: number,
) => number;

/** Loshchilov and Hutter 2019: the decay stays out of the moments. */
const adamwChange: Rule<AdamConfig & { readonly weightDecay: number }> = (
  config,
  weight,
  gradient,
  state,
  at,
  step,
  learningRate,
) => adamChange(config, gradient, state, at, step, learningRate) - learningRate * config.weightDecay * weight;

const rules: { [Name in OptimizerConfig["name"]]: Rule<Extract<OptimizerConfig, { name: Name }>> } = {
  // g ← g + λ·w; v ← μ·v − α·g; w ← w + v, or w + μ·v − α·g as Nesterov has it (Sutskever et al. 2013).
  sgd: ({ momentum, nesterov, weightDecay }, weight, gradient, { first }, at, _step, learningRate) => {
    const change = -learningRate * (gradient + weightDecay * weight);
    first[at] = momentum * first[at] + change;
    return nesterov ? momentum * first[at] + change : first[at];
  },
  adam: (config, _weight, gradient, state, at, step, learningRate) =>
    adamChange(config, gradient, state, at, step, learningRate),
  adamw: adamwChange,
  // What Muon does not take.
  muon: (config, weight, gradient, state, at, step, learningRate) =>
    adamwChange(config, weight, gradient, state, at, step, config.adamShare * learningRate),
  // s ← ρ·s + (1 − ρ)·g²; m ← μ·m + α·g / √(s + ε); w ← w − m (Tieleman and Hinton 2012).
  rmsprop: ({ rho, epsilon, momentum }, _weight, gradient, { first, second }, at, _step, learningRate) => {
    second[at] = rho * second[at] + (1 - rho) * gradient * gradient;
    first[at] = momentum * first[at] + (learningRate * gradient) / Math.sqrt(second[at] + epsilon);
    return -first[at];
  },
};

interface AdamConfig {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** Kingma and Ba 2015, Algorithm 1: −α · m̂ / (√v̂ + ε), the moments freed of their bias towards zero. */
function adamChange(
  { beta1, beta2, epsilon }: AdamConfig,
  gradient: number,
  { first, second }: OptimizerState,
  at: number,
  step: number,
  learningRate: number,
): number {
  first[at] = beta1 * first[at] + (1 - beta1) * gradient;
  second[at] = beta2 * second[at] + (1 - beta2) * gradient * gradient;
  const mean = first[at] / (1 - beta1 ** (step + 1));
  const square = second[at] / (1 - beta2 ** (step + 1));
  return (-learningRate * mean) / (Math.sqrt(square) + epsilon);
}
