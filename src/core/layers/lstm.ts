import type { Layer, LayerConfig, ParameterSpec, Shape } from "./layer.js";
import { checkOptions, layerName, positiveInteger, trueOrFalse } from "./options.js";
import { checkInput } from "./shape.js";

export interface LstmOptions {
  /** Length of the state and of the output. */
  readonly units: number;
  /** Every step's output, [T, units], instead of the last one alone; default false. */
  readonly returnSequences?: boolean;
  readonly name?: string;
}

/**
 * Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000),
 * [N, T, F] → [N, units], or [N, T, units] with `returnSequences`. With σ the sigmoid and the four blocks of
 * kernel [F, 4·units], recurrentKernel [units, 4·units] and bias [4·units] in the order i, f, g, o:
 * i, f, o = σ(x·W + h·R + b), g = tanh(x·W + h·R + b), c ← f ∘ c + i ∘ g, h ← o ∘ tanh(c).
 */
export class Lstm implements Layer<"lstm"> {
  readonly type = "lstm";
  readonly name: string;
  readonly units: number;
  readonly returnSequences: boolean;

  /** @throws UsageError on an impossible option */
  constructor(options: LstmOptions) {
    checkOptions("lstm", options, ["units", "returnSequences"]);
    this.name = layerName("lstm", options.name);
    this.units = positiveInteger("lstm", "units", options.units);
    this.returnSequences = trueOrFalse("lstm", "returnSequences", options.returnSequences ?? false);
  }

  outputShape(input: Shape): Shape {
    checkSequence(this, input);
    return this.returnSequences ? [input[0], this.units] : [this.units];
  }

  parameters(input: Shape): readonly ParameterSpec[] {
    return lstmParameters(input[1], this.units);
  }

  multiplyAdds(input: Shape): number {
    return lstmMultiplyAdds(input, this.units);
  }

  withName(name: string): Lstm {
    return new Lstm({ ...this, name });
  }

  config(): LayerConfig {
    const { type, name, units, returnSequences } = this;
    return { type, name, units, returnSequences };
  }
}

/** `lstm({ units: 128 })`. @throws UsageError */
export function lstm(options: LstmOptions): Lstm {
  return new Lstm(options);
}

/** @throws HeddleError where the input is no sequence [T, F] */
export function checkSequence(layer: Layer, input: Shape): void {
  const mend = "Put reshape({ targetShape: [steps, features] }) before it.";
  checkInput(layer, input, ["steps", "features"], mend);
}

/** The tensors of one direction. */
export function lstmParameters(features: number, units: number, prefix = ""): readonly ParameterSpec[] {
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
