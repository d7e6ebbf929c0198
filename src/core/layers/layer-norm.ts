import { epsilonNumber, type OptionTable } from "../options/index.js";
import { defineLayer, type OwnOptions, type TrainableOptions } from "./define-layer.js";
import { sameShape } from "./shape.js";

/** What `layerNorm` takes. */
export interface LayerNormOptions extends TrainableOptions {
  /**
   * Added to the variance (default 1e-3, as Keras and `batchNorm` have it: of few channels that are nearly alike the
   * rounding of single precision is multiplied by 1 / √ε at most, 32, where PyTorch's 1e-5 makes it 316).
   */
  readonly epsilon?: number | undefined;
}

const options = {
  epsilon: { meaning: "added to the variance", kind: epsilonNumber(), default: 1e-3 },
} as const satisfies OptionTable<OwnOptions<LayerNormOptions>>;

export const layerNormType = defineLayer({
  type: "layerNorm",
  meaning: "normalizes each sample over its channels, pixel by pixel, then scales and shifts them",
  example: "layerNorm()",
  options,
  outputShape: sameShape,
  tensors: (_, [input]) => {
    const shape = [input[input.length - 1]];
    return [
      { name: "gamma", shape, initializer: "ones" },
      { name: "beta", shape, initializer: "zeros" },
    ];
  },
});

/** The layer that `layerNorm` makes. */
export interface LayerNorm extends ReturnType<typeof layerNormType.make> {}

/**
 * Layer normalization (Ba et al. 2016) over the last axis, [N, …, C] → [N, …, C]: y = γ · (x − μ) / √(σ² + ε) + β with
 * γ, β [C], μ = Σ x / C and σ² = Σ (x − μ)² / C. As Keras' LayerNormalization and PyTorch's LayerNorm(C) have it, the
 * sums are over the channels alone: each pixel of [H, W, C], and each step of [T, F], has a mean and a variance of its
 * own. It is the same in training and in inference, and in any batch.
 *
 * @example layerNorm({ epsilon: 1e-5 })
 * @throws UsageError on an option that is unknown or out of bounds.
 */
export function layerNorm(options: LayerNormOptions = {}): LayerNorm {
  return layerNormType.make(options);
}
