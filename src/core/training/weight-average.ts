import { UsageError } from "../errors.js";
import { freeze, type Graph, moves, tensorsOf } from "../graph/index.js";
import { pow } from "../math/index.js";
import type { NamedTensor } from "../named-tensor.js";
import { groupOf, type ParameterGroup } from "../optimizers/parameter-groups.js";
import { number, type OptionTable, optionsOf } from "../options/index.js";

/** How an average of the weights is kept. */
export interface WeightAverageOptions {
  /** What a step leaves of the average before it, d of 0 < d < 1: 0.999 looks back some thousand steps. */
  readonly decay: number;
}

export const weightAverageOptions = {
  decay: { meaning: "what a step leaves of the average before it", kind: number({ above: 0, below: 1 }) },
} satisfies OptionTable<WeightAverageOptions>;

export const weightAverageKind = optionsOf(weightAverageOptions, {
  elsewhere: { momentum: "Give decay.", startStep: "The average is freed of its bias from the first step." },
});

/** An average of the weights so far. */
export interface WeightAverage {
  /** Steps whose weights are in it: 1 or more. */
  readonly steps: number;
  /** Of each tensor that training moves; others are their own average. */
  readonly tensors: readonly NamedTensor[];
}

/**
 * The share of a step's weights in the average behind it, (1 − d) / (1 − d^(t+1)) at step t from 0: with it the average
 * is (1 − d) Σ d^(t−s) w_s / (1 − d^(t+1)) at any step, without a bias towards what it began with (Kingma and Ba 2015,
 * section 7.2).
 */
export const averageShare = (decay: number, step: number): number => (1 - decay) / (1 - pow(decay, step + 1));

/** The tensors that training moves, where some are frozen. */
export const movingTensors = (
  graph: Graph,
  groups: readonly Pick<ParameterGroup, "match" | "frozen">[] = [],
): readonly Pick<NamedTensor, "name" | "shape">[] =>
  tensorsOf(freeze(graph, (name) => groupOf(name, groups)?.frozen === true)).filter(moves);

/** All weights, averaged where training moves them. */
export function averagedWeights(
  weights: readonly NamedTensor[],
  average: WeightAverage,
): readonly NamedTensor[] {
  const byName = new Map(average.tensors.map((tensor) => [tensor.name, tensor]));
  return weights.map((tensor) => byName.get(tensor.name) ?? tensor);
}

/** What is said where an average is asked for and none is kept. @param owner who was asked */
export function noAverage(owner: string): UsageError {
  return new UsageError(
    `${owner}: no average of the weights is kept. compile({ weightAverage: { decay: 0.999 } }) has the next fit keep one, from its first step on; setWeights, reset and a fit without it give it up.`,
  );
}
