import { type OptionTable, share } from "../options/index.js";
import { defineLayer, type NamedOptions, type OwnOptions } from "./define-layer.js";
import { sameShape } from "./shape.js";

/** What `dropout` takes. */
export interface DropoutOptions extends NamedOptions {
  /** The share of values set to zero in training, 0 ≤ rate < 1. */
  readonly rate: number;
}

const options = {
  rate: { meaning: "share of values set to zero in training", kind: share("the share of values dropped") },
} as const satisfies OptionTable<OwnOptions<DropoutOptions>>;

export const dropoutType = defineLayer({
  type: "dropout",
  meaning: "sets a share of the values to zero in training",
  example: "dropout(0.25)",
  options,
  outputShape: sameShape,
});

/** The layer that `dropout` makes. */
export interface Dropout extends ReturnType<typeof dropoutType.make> {}

/**
 * Inverted dropout (Srivastava et al. 2014): in training each value is kept with probability 1 − rate and
 * scaled by 1 / (1 − rate), else set to zero; in inference values pass unchanged.
 *
 * @example dropout(0.25)
 * @throws UsageError on an option that is unknown, missing or out of bounds.
 */
export function dropout(options: number | DropoutOptions): Dropout {
  return dropoutType.make(typeof options === "number" ? { rate: options } : options);
}
