import { epsilonNumber, type OptionTable, resolveOptions, type Settled, share } from "../options/index.js";
import { misplacedOptions } from "./misplaced-options.js";

/** What `adam` takes. */
export interface AdamOptions {
  /** Decay of the gradient's running mean (default 0.9). */
  beta1?: number | undefined;
  /** Decay of the squared gradient's running mean (default 0.999). */
  beta2?: number | undefined;
  /** Keeps the quotient finite (default 1e-7, as Keras has it). */
  epsilon?: number | undefined;
}

export const adamOptions = {
  beta1: { meaning: "decay of the gradient's running mean", kind: share(), default: 0.9 },
  beta2: { meaning: "decay of the squared gradient's running mean", kind: share(), default: 0.999 },
  epsilon: { meaning: "keeps the quotient finite", kind: epsilonNumber(), default: 1e-7 },
} satisfies OptionTable<AdamOptions>;

/** Adam with every option filled in. */
export type AdamConfig = { readonly name: "adam" } & Settled<AdamOptions>;

/**
 * Adam (Kingma and Ba 2015), bias-corrected: m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g²,
 * w ← w − α·m̂ / (√v̂ + ε). Defaults are Keras's.
 *
 * @throws UsageError on an unknown option or a number out of range.
 */
export function adam(options: AdamOptions = {}): AdamConfig {
  return { name: "adam", ...resolveOptions("adam", options, adamOptions, { elsewhere: misplacedOptions }) };
}
