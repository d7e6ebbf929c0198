import { number, type OptionTable } from "../options/index.js";
import { defineLayer, type NamedOptions, type OwnOptions } from "./define-layer.js";
import { sameShape } from "./shape.js";

/** What `scale` takes. */
export interface ScaleOptions extends NamedOptions {
  /** What each value is multiplied by. */
  readonly factor: number;
}

const options = {
  factor: { meaning: "what each value is multiplied by", kind: number() },
} as const satisfies OptionTable<OwnOptions<ScaleOptions>>;

export const scaleType = defineLayer({
  type: "scale",
  meaning: "every value times one number that is not learnt",
  example: "scale(1 / 9)",
  options,
  outputShape: sameShape,
});

/** The layer that `scale` makes. */
export interface Scale extends ReturnType<typeof scaleType.make> {}

/**
 * Every value times one number that is not learnt: y = factor · x. Behind the last dense layer it is the inverse of the
 * softmax's temperature, behind a branch the weight of a residual.
 *
 * @example scale(1 / 9)
 * @throws UsageError on an option that is unknown, missing or out of bounds.
 */
export function scale(options: number | ScaleOptions): Scale {
  return scaleType.make(typeof options === "number" ? { factor: options } : options);
}
