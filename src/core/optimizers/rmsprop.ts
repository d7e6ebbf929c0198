import { epsilonNumber, type OptionTable, resolveOptions, type Settled, share } from "../options/index.js";
import { misplacedOptions } from "./misplaced-options.js";

/** What `rmsprop` takes. */
export interface RmspropOptions {
  /** Decay of the squared gradient's running mean (default 0.9). */
  rho?: number | undefined;
  /** Keeps the quotient finite (default 1e-7). */
  epsilon?: number | undefined;
  /** Share of the last move kept (default 0). */
  momentum?: number | undefined;
}

export const rmspropOptions = {
  rho: { meaning: "decay of the squared gradient's running mean", kind: share(), default: 0.9 },
  epsilon: { meaning: "keeps the quotient finite", kind: epsilonNumber(), default: 1e-7 },
  momentum: { meaning: "share of the last move kept", kind: share(), default: 0 },
} satisfies OptionTable<RmspropOptions>;

/** RMSprop with every option filled in. */
export type RmspropConfig = { readonly name: "rmsprop" } & Settled<RmspropOptions>;

/**
 * RMSprop (Tieleman and Hinton 2012): v ← ρv + (1 − ρ)g², w ← w − α·g / √(v + ε), through momentum where
 * asked. Defaults are Keras's.
 *
 * @throws UsageError on an unknown option or a number out of range.
 */
export function rmsprop(options: RmspropOptions = {}): RmspropConfig {
  return {
    name: "rmsprop",
    ...resolveOptions("rmsprop", options, rmspropOptions, { elsewhere: misplacedOptions }),
  };
}
