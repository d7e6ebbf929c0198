import { type OptionTable, type ResolvedOptions, wholeNumber } from "../options/index.js";
import { defineLayer, type OwnOptions, type TrainableOptions } from "./define-layer.js";
import { activationOption, biasTensor, kernelInitializerOption, useBiasOption } from "./kernel-options.js";
import type { ActivationName, KernelInitializer } from "./layer.js";
import { checkInput } from "./shape.js";
import { withoutUsual } from "./usual-options.js";

/** What `dense` takes. */
export interface DenseOptions extends TrainableOptions {
  /** Length of the output. */
  readonly units: number;
  /** Default `linear`. */
  readonly activation?: ActivationName | undefined;
  /** Whether a bias is added; default true. */
  readonly useBias?: boolean | undefined;
  /** What the kernel holds at first; default `glorotUniform`. */
  readonly kernelInitializer?: KernelInitializer | undefined;
}

const options = {
  units: { meaning: "length of the output", kind: wholeNumber({ from: 1 }) },
  activation: activationOption,
  useBias: useBiasOption,
  kernelInitializer: kernelInitializerOption,
} as const satisfies OptionTable<OwnOptions<DenseOptions>>;

export const denseType = defineLayer({
  type: "dense",
  meaning: "a fully connected layer: [features] → [units]",
  example: "dense({ units: 10 })",
  options,
  complete: (given: ResolvedOptions<typeof options>) => withoutUsual(given, { useBias: true }),
  outputShape: (layer, [input]) => {
    checkInput(layer, input, ["features"], "Put flatten() before it.");
    return [layer.options.units];
  },
  tensors: ({ options: { units, useBias, kernelInitializer = "glorotUniform" } }, [input]) => [
    { name: "kernel", shape: [input[0], units], initializer: kernelInitializer },
    ...biasTensor(units, useBias),
  ],
  multiplyAdds: ({ options: { units } }, [input]) => input[0] * units,
});

/** The layer that `dense` makes. */
export interface Dense extends ReturnType<typeof denseType.make> {}

/**
 * Fully connected layer, [N, I] → [N, units]: y = activation(x · kernel + bias), kernel [I, units], bias
 * [units], none with `useBias: false`.
 *
 * @example dense({ units: 10 })
 * @throws UsageError on an option that is unknown, missing or out of bounds.
 */
export function dense(options: DenseOptions): Dense {
  return denseType.make(options);
}
