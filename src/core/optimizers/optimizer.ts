import type { AnyOptionTable, Optional } from "../options/index.js";
import { type AdamConfig, adam, adamOptions } from "./adam.js";
import { type AdamWConfig, type AdamWOptions, adamw, adamwOptions } from "./adamw.js";
import { type MuonConfig, type MuonOptions, muon, muonOptions } from "./muon.js";
import { type RmspropConfig, type RmspropOptions, rmsprop, rmspropOptions } from "./rmsprop.js";
import { type SgdConfig, type SgdOptions, sgd, sgdOptions } from "./sgd.js";

export type { MuonConfig };

/** How weights move along their gradients; the learning rate comes from the schedule at each step. */
export type OptimizerConfig = SgdConfig | AdamConfig | AdamWConfig | RmspropConfig | MuonConfig;

/** Any optimizer's options; which of them an optimizer has, `createOptimizer` checks. */
export type OptimizerOptions = SgdOptions & AdamWOptions & RmspropOptions & MuonOptions;

/** One of the optimizers. */
export type OptimizerName = OptimizerConfig["name"];

/** An optimizer as plain JSON. What is left out has its default. */
export type OptimizerSpec = {
  [Name in OptimizerName]: { readonly name: Name } & Optional<
    Omit<Extract<OptimizerConfig, { readonly name: Name }>, "name">
  >;
}[OptimizerName];

/** Every optimizer by the name that configurations and the command line use: who makes it, and of which options. */
export const optimizers = {
  sgd: { make: sgd, options: sgdOptions },
  adam: { make: adam, options: adamOptions },
  adamw: { make: adamw, options: adamwOptions },
  rmsprop: { make: rmsprop, options: rmspropOptions },
  muon: { make: muon, options: muonOptions },
} as const satisfies {
  readonly [Name in OptimizerName]: {
    make(options?: OptimizerOptions): Extract<OptimizerConfig, { readonly name: Name }>;
    readonly options: AnyOptionTable;
  };
};

/** Every optimizer, by the name that configurations and the command line use. */
export const optimizerNames = Object.keys(optimizers) as readonly OptimizerName[];

/** Every optimizer's options. */
export const optimizerOptions = Object.fromEntries(
  optimizerNames.map((name) => [name, optimizers[name].options]),
) as { readonly [Name in OptimizerName]: (typeof optimizers)[Name]["options"] };
