import { UsageError } from "../errors.js";
import { type AdamOptions, adam } from "./adam.js";
import { type AdamWOptions, adamw } from "./adamw.js";
import { type MuonOptions, muon } from "./muon.js";
import type { OptimizerConfig, OptimizerName } from "./optimizer.js";
import { type RmspropOptions, rmsprop } from "./rmsprop.js";
import { type SgdOptions, sgd } from "./sgd.js";

export { type MatrixShape, muonMatrices } from "./muon-matrices.js";
export type {
  AdamOptions,
  AdamWOptions,
  MuonOptions,
  OptimizerConfig,
  OptimizerName,
  RmspropOptions,
  SgdOptions,
};
export { adam, adamw, muon, rmsprop, sgd };

/** Any optimizer's options; which of them an optimizer has, `createOptimizer` checks. */
export type OptimizerOptions = SgdOptions & AdamWOptions & RmspropOptions & MuonOptions;

const factories: Record<OptimizerName, (options: OptimizerOptions) => OptimizerConfig> = {
  sgd,
  adam,
  adamw,
  rmsprop,
  muon,
};

export const optimizerNames = Object.keys(factories) as readonly OptimizerName[];

/**
 * An optimizer by name, what is left out at its default.
 *
 * @throws UsageError on an unknown name, an option that the optimizer hasn't, or a number out of range.
 */
export function createOptimizer(name: string, options: OptimizerOptions = {}): OptimizerConfig {
  if (!Object.hasOwn(factories, name)) {
    throw new UsageError(`Unknown optimizer "${name}"; known are ${optimizerNames.join(", ")}.`);
  }
  const factory = factories[name as OptimizerName];
  const known = factory({});
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [option] of given) {
    if (!Object.hasOwn(known, option)) {
      const { name: _, ...own } = known;
      throw new UsageError(`${name} has no option ${option}; it has ${Object.keys(own).join(", ")}.`);
    }
  }
  return factory(Object.fromEntries(given));
}
