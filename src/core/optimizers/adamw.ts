import { number, type OptionTable, resolveOptions, type Settled } from "../options/index.js";
import { type AdamOptions, adamOptions } from "./adam.js";
import { misplacedOptions } from "./misplaced-options.js";

/** What `adamw` takes. */
export interface AdamWOptions extends AdamOptions {
  /** λ of w ← w − α·λ·w, apart from the gradient (default 0.004). */
  weightDecay?: number | undefined;
}

export const adamwOptions = {
  ...adamOptions,
  weightDecay: {
    meaning: "λ of w ← w − α·λ·w, apart from the gradient",
    kind: number({ from: 0 }),
    default: 0.004,
  },
} satisfies OptionTable<AdamWOptions>;

/** AdamW with every option filled in. */
export type AdamWConfig = { readonly name: "adamw" } & Settled<AdamWOptions>;

/**
 * Adam with decoupled weight decay (Loshchilov and Hutter 2019): Adam's move, and w ← w − α·λ·w beside it.
 * Defaults are Keras's.
 *
 * @throws UsageError on an unknown option or a number out of range.
 */
export function adamw(options: AdamWOptions = {}): AdamWConfig {
  return {
    name: "adamw",
    ...resolveOptions("adamw", options, adamwOptions, { elsewhere: misplacedOptions }),
  };
}
