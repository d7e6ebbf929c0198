import { defineLayer } from "./define-layer.js";
import { checkSequence, type LstmOptions, recurrentOptions } from "./lstm.js";

/** What `gru` takes: what `lstm` does. */
export type GruOptions = LstmOptions;

export const gruType = defineLayer({
  type: "gru",
  meaning: "a gated recurrent unit over a sequence: [steps, features] → [units]",
  example: "gru({ units: 128 })",
  options: recurrentOptions,
  outputShape: (layer, [input]) => {
    checkSequence(layer, input);
    const { units, returnSequences } = layer.options;
    return returnSequences ? [input[0], units] : [units];
  },
  tensors: ({ options: { units } }, [input]) => [
    { name: "kernel", shape: [input[1], 3 * units], initializer: "glorotUniform" },
    { name: "recurrentKernel", shape: [units, 3 * units], initializer: "orthogonal" },
    { name: "bias", shape: [3 * units], initializer: "zeros" },
    { name: "recurrentBias", shape: [3 * units], initializer: "zeros" },
  ],
  multiplyAdds: ({ options: { units } }, [[steps, features]]) => steps * (features + units) * 3 * units,
});

/** The layer that `gru` makes. */
export interface Gru extends ReturnType<typeof gruType.make> {}

/**
 * Gated recurrent unit (Cho et al. 2014), [N, T, F] → [N, units], or [N, T, units] with `returnSequences`. With σ the
 * sigmoid, and the three blocks of kernel W [F, 3·units], recurrentKernel R [units, 3·units], bias b [3·units] and
 * recurrentBias c [3·units] in the order z (update), r (reset), n (candidate), from h = 0:
 * z, r = σ(x·W + b + h·R + c), n = tanh(x·W + b + r ∘ (h·R + c)), h ← z ∘ h + (1 − z) ∘ n.
 * The reset gate weighs the recurrent product, as in cuDNN, PyTorch and Keras' default (`reset_after`), where the paper
 * weighs the state before it: so the two biases are two. The blocks are in Keras' order; PyTorch's is r, z, n.
 *
 * @example gru({ units: 128 })
 * @throws UsageError on an option that is unknown, missing or out of bounds.
 */
export function gru(options: GruOptions): Gru {
  return gruType.make(options);
}
