import type { AnyOptionTable } from "../options/index.js";
import { adam, adamOptions } from "./adam.js";
import { adamw, adamwOptions } from "./adamw.js";
import { type MuonConfig, muon, muonOptions } from "./muon.js";
import { rmsprop, rmspropOptions } from "./rmsprop.js";
import { sgd, sgdOptions } from "./sgd.js";

export type { MuonConfig };

/** Every optimizer by the name that configurations and the command line use: who makes it, and of which options. */
export const optimizers = {
  sgd: { make: sgd, options: sgdOptions },
  adam: { make: adam, options: adamOptions },
  adamw: { make: adamw, options: adamwOptions },
  rmsprop: { make: rmsprop, options: rmspropOptions },
  muon: { make: muon, options: muonOptions },
} as const satisfies Readonly<Record<string, { make: (options?: never) => object; options: AnyOptionTable }>>;

type Optimizers = typeof optimizers;

/** One of the optimizers. */
export type OptimizerName = keyof Optimizers;

/** How weights move along their gradients; the learning rate comes from the schedule at each step. */
export type OptimizerConfig = ReturnType<Optimizers[OptimizerName]["make"]>;

type OptionsOf<Name extends OptimizerName> = NonNullable<Parameters<Optimizers[Name]["make"]>[0]>;

/** An optimizer as plain JSON. What is left out has its default. */
export type OptimizerSpec = {
  [Name in OptimizerName]: { readonly name: Name } & OptionsOf<Name>;
}[OptimizerName];

type AnyOption = { [Name in OptimizerName]: keyof OptionsOf<Name> }[OptimizerName];

/** What an option may be, in those optimizers that have it. */
type OptionValue<Option extends AnyOption> = {
  [Name in OptimizerName]: Option extends keyof OptionsOf<Name> ? OptionsOf<Name>[Option] : never;
}[OptimizerName];

/** Any optimizer's options; which of them an optimizer has, `createOptimizer` checks. */
export type OptimizerOptions = { [Option in AnyOption]?: OptionValue<Option> };

/** Every optimizer, by the name that configurations and the command line use. */
export const optimizerNames = Object.keys(optimizers) as readonly OptimizerName[];

/** Every optimizer's options. */
export const optimizerOptions = Object.fromEntries(
  optimizerNames.map((name) => [name, optimizers[name].options]),
) as { readonly [Name in OptimizerName]: Optimizers[Name]["options"] };
