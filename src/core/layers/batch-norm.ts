import { epsilonNumber, flag, type OptionTable, type ResolvedOptions, share } from "../options/index.js";
import { defineLayer, type OwnOptions, type TrainableOptions } from "./define-layer.js";
import { sameShape } from "./shape.js";
import { withoutUsual } from "./usual-options.js";

/** What `batchNorm` takes. */
export interface BatchNormOptions extends TrainableOptions {
  /** Share of the running statistics that each step keeps, 0 ≤ momentum < 1 (default 0.99, as Keras has it). */
  readonly momentum?: number | undefined;
  /** Added to the variance (default 1e-3, as Keras has it). */
  readonly epsilon?: number | undefined;
  /** False leaves γ at 1 in training (default true). */
  readonly scale?: boolean | undefined;
}

const options = {
  momentum: {
    meaning: "share of the running statistics that each step keeps",
    kind: share(),
    default: 0.99,
  },
  epsilon: { meaning: "added to the variance", kind: epsilonNumber(), default: 1e-3 },
  scale: { meaning: "whether γ is trained", kind: flag(), otherwise: "true" },
} as const satisfies OptionTable<OwnOptions<BatchNormOptions>>;

export const batchNormType = defineLayer({
  type: "batchNorm",
  meaning: "normalizes each channel over the batch, then scales and shifts it",
  example: "batchNorm({ momentum: 0.9 })",
  options,
  complete: (given: ResolvedOptions<typeof options>) => withoutUsual(given, { scale: true }),
  outputShape: sameShape,
  tensors: ({ options: { scale = true } }, [input]) => {
    const shape = [input[input.length - 1]];
    return [
      { name: "gamma", shape, initializer: "ones", ...(!scale && { kept: true }) },
      { name: "beta", shape, initializer: "zeros" },
      { name: "runningMean", shape, initializer: "zeros", kept: true, running: true },
      { name: "runningVariance", shape, initializer: "ones", kept: true, running: true },
    ];
  },
});

/** The layer that `batchNorm` makes. */
export interface BatchNorm extends ReturnType<typeof batchNormType.make> {}

/**
 * Batch normalization (Ioffe and Szegedy 2015) of the last axis' channels, [N, …, C] → [N, …, C]:
 * y = γ · (x − μ) / √(σ² + ε) + β. In training μ and σ² are the batch's own, over samples and pixels,
 * σ² = Σ (x − μ)² / count, and the running ones follow them, running ← momentum · running + (1 − momentum) · batch.
 * Frozen, that is where `trainable` is false or parameter groups freeze both γ and β, μ and σ² are the running ones in
 * training as well, which then stay as they are: a scale and a shift a channel, as Keras's `trainable = False` and
 * torchvision's `FrozenBatchNorm2d` have it. In inference they are the running ones always.
 *
 * @example batchNorm({ momentum: 0.9 })
 * @throws UsageError on an option that is unknown, missing or out of bounds.
 */
export function batchNorm(options: BatchNormOptions = {}): BatchNorm {
  return batchNormType.make(options);
}
