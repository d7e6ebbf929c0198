import type { OptimizerConfig } from "../../optimizers/optimizer.js";
import { groupOf, type ResolvedGroup } from "../../optimizers/parameter-groups.js";
import type { PackedParameter } from "./parameters.js";

/** How the optimizer moves some of the tensors. */
export interface UpdateRule {
  /** With the weight decay that is theirs. */
  readonly config: OptimizerConfig;
  /** What a step's learning rate is multiplied by. */
  readonly learningRateFactor: number;
  /** Where a step's numbers lie: kernels/optimizer.ts. */
  readonly numbers: { readonly address: number };
  readonly parameters: readonly PackedParameter[];
}

/**
 * A rule for all tensors that are moved alike: one where there are no groups.
 *
 * @param allocate gives the address of so many bytes
 */
export function updateRules(
  optimizer: OptimizerConfig,
  groups: readonly ResolvedGroup[],
  trained: readonly PackedParameter[],
  allocate: (bytes: number) => number,
): readonly UpdateRule[] {
  const byFacts = new Map<
    string,
    { config: OptimizerConfig; factor: number; parameters: PackedParameter[] }
  >();
  for (const parameter of trained) {
    const { learningRateFactor: factor = 1, weightDecay } = groupOf(parameter.name, groups) ?? {};
    const config = weightDecay === undefined ? optimizer : { ...optimizer, weightDecay };
    const facts = JSON.stringify([factor, config]);
    const alike = byFacts.get(facts) ?? { config, factor, parameters: [] };
    alike.parameters.push(parameter);
    byFacts.set(facts, alike);
  }
  return [...byFacts.values()].map(({ config, factor, parameters }) => ({
    config,
    learningRateFactor: factor,
    numbers: { address: allocate(16) },
    parameters,
  }));
}
