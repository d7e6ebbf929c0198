import { UsageError } from "../errors.js";
import { flag, number, type OptionTable, resolveOptions, type Settled, share } from "../options/index.js";
import { misplacedOptions } from "./misplaced-options.js";

/** What `sgd` takes. */
export interface SgdOptions {
  /** Share of the last move kept, 0 … 1 (default 0). */
  momentum?: number | undefined;
  /** Looks ahead along the momentum (Nesterov 1983; default false). */
  nesterov?: boolean | undefined;
  /** λ of an L2 penalty: λ·w is added to each gradient (default 0). */
  weightDecay?: number | undefined;
}

export const sgdOptions = {
  momentum: { meaning: "share of the last move kept", kind: share(), default: 0 },
  nesterov: { meaning: "looks ahead along the momentum", kind: flag(), default: false },
  weightDecay: {
    meaning: "λ of an L2 penalty: λ·w is added to each gradient",
    kind: number({ from: 0 }),
    default: 0,
  },
} satisfies OptionTable<SgdOptions>;

/** Stochastic gradient descent with every option filled in. */
export type SgdConfig = { readonly name: "sgd" } & Settled<SgdOptions>;

/**
 * Stochastic gradient descent: v ← momentum·v − α·(g + λ·w), w ← w + v; with `nesterov`,
 * w ← w + momentum·v − α·(g + λ·w). Defaults are Keras's.
 *
 * @throws UsageError on an unknown option, a number out of range, or `nesterov` without momentum.
 */
export function sgd(options: SgdOptions = {}): SgdConfig {
  const resolved = resolveOptions("sgd", options, sgdOptions, { elsewhere: misplacedOptions });
  if (resolved.nesterov && resolved.momentum === 0) {
    throw new UsageError("sgd: nesterov needs a momentum above 0, such as 0.9, but it is 0.");
  }
  return { name: "sgd", ...resolved };
}
