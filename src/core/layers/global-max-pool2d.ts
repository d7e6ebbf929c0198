import { defineLayer, type NamedOptions } from "./define-layer.js";
import { checkInput } from "./shape.js";

/** What `globalMaxPool2d` takes. */
export type GlobalMaxPool2dOptions = NamedOptions;

export const globalMaxPool2dType = defineLayer({
  type: "globalMaxPool2d",
  meaning: "the largest value of each channel over the whole image",
  example: "globalMaxPool2d()",
  options: {},
  outputShape: (layer, [input]) => {
    checkInput(layer, input, ["H", "W", "C"], "Put it behind image layers.");
    return [input[2]];
  },
});

/** The layer that `globalMaxPool2d` makes. */
export interface GlobalMaxPool2d extends ReturnType<typeof globalMaxPool2dType.make> {}

/**
 * The largest value of each channel over the whole image, [N, H, W, C] → [N, C]: y[n, c] = max over i, j of
 * x[n, i, j, c]. The first of equals gets the gradient.
 *
 * @throws UsageError on an option that is unknown.
 */
export function globalMaxPool2d(options: GlobalMaxPool2dOptions = {}): GlobalMaxPool2d {
  return globalMaxPool2dType.make(options);
}
