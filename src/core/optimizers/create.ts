import { UsageError } from "../errors.js";
import {
  type AnyOptionTable,
  checkValue,
  choice,
  madeBy,
  type OptionKind,
  ownOptions,
  received,
} from "../options/index.js";
import { type AdamOptions, adam, adamOptions } from "./adam.js";
import { type AdamWOptions, adamw, adamwOptions } from "./adamw.js";
import { type MuonOptions, muon, muonOptions } from "./muon.js";
import type { OptimizerConfig, OptimizerName } from "./optimizer.js";
import { type RmspropOptions, rmsprop, rmspropOptions } from "./rmsprop.js";
import { type SgdOptions, sgd, sgdOptions } from "./sgd.js";

/** Any optimizer's options; which of them an optimizer has, `createOptimizer` checks. */
export type OptimizerOptions = SgdOptions & AdamWOptions & RmspropOptions & MuonOptions;

/** An optimizer as plain JSON. What is left out has its default. */
export type OptimizerSpec =
  | ({ readonly name: "sgd" } & SgdOptions)
  | ({ readonly name: "adam" } & AdamOptions)
  | ({ readonly name: "adamw" } & AdamWOptions)
  | ({ readonly name: "rmsprop" } & RmspropOptions)
  | ({ readonly name: "muon" } & MuonOptions);

const factories: Record<OptimizerName, (options: OptimizerOptions) => OptimizerConfig> = {
  sgd,
  adam,
  adamw,
  rmsprop,
  muon,
};

/** Every optimizer's options. */
export const optimizerOptions = {
  sgd: sgdOptions,
  adam: adamOptions,
  adamw: adamwOptions,
  rmsprop: rmspropOptions,
  muon: muonOptions,
} as const satisfies Record<OptimizerName, AnyOptionTable>;

/** Every optimizer, by the name that configurations and the command line use. */
export const optimizerNames = Object.keys(factories) as readonly OptimizerName[];

const nameKind = choice(optimizerNames);
const expected = `${nameKind.expected}, or an object with such a name`;

/**
 * An optimizer by name, or whole as a factory or a file gives it; what is left out is at its default.
 *
 * @throws UsageError on an unknown name, an option that the optimizer hasn't, or a number out of range.
 */
export function createOptimizer(
  optimizer: string | OptimizerSpec,
  options: OptimizerOptions = {},
): OptimizerConfig {
  if (typeof optimizer === "string") {
    return factories[checkValue("optimizer", "name", optimizer, nameKind)](options);
  }
  const given = ownOptions(optimizer);
  if (given === undefined) {
    const mend = typeof optimizer === "function" ? " Call it, as in adam()." : "";
    throw new UsageError(`optimizer must be ${expected}, but is ${received(optimizer)}.${mend}`);
  }
  const { name, ...own } = Object.fromEntries(given);
  return factories[checkValue("optimizer", "name", name, nameKind)]({ ...own, ...options });
}

/** An optimizer as an option of something else. */
export const optimizerKind: OptionKind<OptimizerConfig, OptimizerName | OptimizerSpec> = madeBy(
  expected,
  (given) => createOptimizer(given),
);
