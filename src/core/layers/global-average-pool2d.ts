import { defineLayer, type NamedOptions } from "./define-layer.js";
import { checkInput } from "./shape.js";

/** What `globalAveragePool2d` takes. */
export type GlobalAveragePool2dOptions = NamedOptions;

export const globalAveragePool2dType = defineLayer({
  type: "globalAveragePool2d",
  meaning: "the mean of each channel over the whole image: [H, W, C] → [C]",
  example: "globalAveragePool2d()",
  options: {},
  outputShape: (layer, [input]) => {
    checkInput(layer, input, ["H", "W", "C"], "Put it behind image layers.");
    return [input[2]];
  },
});

/** The layer that `globalAveragePool2d` makes. */
export interface GlobalAveragePool2d extends ReturnType<typeof globalAveragePool2dType.make> {}

/**
 * The mean of each channel over the whole image (Lin et al. 2014), [N, H, W, C] → [N, C]:
 * y[n, c] = Σ x[n, i, j, c] / (H·W). In place of `flatten` it makes what follows small.
 *
 * @throws UsageError on an option that is unknown, missing or out of bounds.
 */
export function globalAveragePool2d(options: GlobalAveragePool2dOptions = {}): GlobalAveragePool2d {
  return globalAveragePool2dType.make(options);
}
