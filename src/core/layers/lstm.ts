import { flag, type OptionTable, wholeNumber } from "../options/index.js";
import { type DefinedLayer, defineLayer, type OwnOptions, type TrainableOptions } from "./define-layer.js";
import type { Shape, TensorSpec } from "./layer.js";
import { checkInput } from "./shape.js";

/** What `lstm`, `bilstm` and `gru` take. */
export interface LstmOptions extends TrainableOptions {
  /** Length of the state and of the output. */
  readonly units: number;
  /** Every step's output, [T, units], instead of the last one alone; default false. */
  readonly returnSequences?: boolean | undefined;
}

export const recurrentOptions = {
  units: { meaning: "length of the state, of each direction", kind: wholeNumber({ from: 1 }) },
  returnSequences: {
    meaning: "whether every step's output is given instead of the last one alone",
    kind: flag(),
    default: false,
  },
} as const satisfies OptionTable<OwnOptions<LstmOptions>>;

export const lstmType = defineLayer({
  type: "lstm",
  meaning: "long short-term memory over a sequence: [steps, features] → [units]",
  example: "lstm({ units: 128 })",
  options: recurrentOptions,
  outputShape: (layer, [input]) => {
    checkSequence(layer, input);
    const { units, returnSequences } = layer.options;
    return returnSequences ? [input[0], units] : [units];
  },
  tensors: ({ options: { units } }, [input]) => lstmTensors(input[1], units),
  multiplyAdds: ({ options: { units } }, [input]) => lstmMultiplyAdds(input, units),
});

/** The layer that `lstm` makes. */
export interface Lstm extends ReturnType<typeof lstmType.make> {}

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000),
 * [N, T, F] → [N, units], or [N, T, units] with `returnSequences`. With σ the sigmoid and the four blocks of
 * kernel [F, 4·units], recurrentKernel [units, 4·units] and bias [4·units] in the order i, f, g, o:
 * i, f, o = σ(x·W + h·R + b), g = tanh(x·W + h·R + b), c ← f ∘ c + i ∘ g, h ← o ∘ tanh(c).
 *
 * @example lstm({ units: 128 })
 * @throws UsageError on an option that is unknown, missing or out of bounds.
 */
export function lstm(options: LstmOptions): Lstm {
  return lstmType.make(options);
}

/** @throws HeddleError where the input is no sequence [T, F] */
export function checkSequence(layer: DefinedLayer<unknown>, input: Shape): void {
  const mend = "Put reshape({ targetShape: [steps, features] }) before it.";
  checkInput(layer, input, ["steps", "features"], mend);
}

/** The tensors of one direction. */
export function lstmTensors(features: number, units: number, prefix = ""): readonly TensorSpec[] {
  return [
    { name: `${prefix}kernel`, shape: [features, 4 * units], initializer: "glorotUniform" },
    { name: `${prefix}recurrentKernel`, shape: [units, 4 * units], initializer: "orthogonal" },
    { name: `${prefix}bias`, shape: [4 * units], initializer: "lstmBias" },
  ];
}

/** Of one direction over a sequence [T, F]. */
export function lstmMultiplyAdds([steps, features]: Shape, units: number): number {
  return steps * (features + units) * 4 * units;
}
