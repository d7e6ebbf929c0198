import type { OptionTable } from "../options/index.js";
import { defineLayer, type NamedOptions, type OwnOptions } from "./define-layer.js";
import { type ZeroPadding, zeroPadding } from "./padding.js";
import { checkInput } from "./shape.js";

/** What `zeroPad2d` takes. */
export interface ZeroPad2dOptions extends NamedOptions {
  /** Zeros on every side, [above and below, left and right], or { top, bottom, left, right }. */
  readonly padding: ZeroPadding;
}

const options = {
  padding: { meaning: "zeros around the image", kind: zeroPadding() },
} as const satisfies OptionTable<OwnOptions<ZeroPad2dOptions>>;

export const zeroPad2dType = defineLayer({
  type: "zeroPad2d",
  meaning: "zeros around the image: [H, W, C] → [top + H + bottom, left + W + right, C]",
  example: "zeroPad2d({ padding: { bottom: 1, right: 1 } })",
  options,
  outputShape: (layer, [input]) => {
    checkInput(layer, input, ["H", "W", "C"], "A reshape before it makes images of other inputs.");
    const { top, bottom, left, right } = layer.options.padding;
    return [top + input[0] + bottom, left + input[1] + right, input[2]];
  },
});

/** The layer that `zeroPad2d` makes. */
export interface ZeroPad2d extends ReturnType<typeof zeroPad2dType.make> {}

/**
 * Zeros around the image, [N, H, W, C] → [N, top + H + bottom, left + W + right, C]:
 * y[n, top + i, left + j, c] = x[n, i, j, c], 0 elsewhere. What only a convolution reads is cheaper as its `padding`.
 *
 * @example zeroPad2d({ padding: { bottom: 1, right: 1 } })
 * @throws UsageError on an option that is unknown, missing or out of bounds.
 */
export function zeroPad2d(options: ZeroPad2dOptions): ZeroPad2d {
  return zeroPad2dType.make(options);
}
