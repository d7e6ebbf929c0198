import type { Layer, LayerConfig, ParameterSpec, Shape } from "./layer.js";
import { checkSequence, type LstmOptions, lstmMultiplyAdds, lstmParameters } from "./lstm.js";
import { checkOptions, layerName, positiveInteger, trueOrFalse } from "./options.js";

/**
 * Bidirectional LSTM (Graves and Schmidhuber 2005): one LSTM reads the sequence forward, one backward, and
 * their outputs stand side by side, forward first. [N, T, F] → [N, 2·units], each direction's output after
 * its last step (step 0 for the backward one); with `returnSequences` [N, T, 2·units], both at the same step.
 */
export class Bilstm implements Layer<"bilstm"> {
  readonly type = "bilstm";
  readonly name: string;
  /** Of each direction. */
  readonly units: number;
  readonly returnSequences: boolean;

  /** @throws UsageError on an impossible option */
  constructor(options: LstmOptions) {
    checkOptions("bilstm", options, ["units", "returnSequences"]);
    this.name = layerName("bilstm", options.name);
    this.units = positiveInteger("bilstm", "units", options.units);
    this.returnSequences = trueOrFalse("bilstm", "returnSequences", options.returnSequences ?? false);
  }

  outputShape(input: Shape): Shape {
    checkSequence(this, input);
    return this.returnSequences ? [input[0], 2 * this.units] : [2 * this.units];
  }

  parameters(input: Shape): readonly ParameterSpec[] {
    return [
      ...lstmParameters(input[1], this.units, "forward."),
      ...lstmParameters(input[1], this.units, "backward."),
    ];
  }

  multiplyAdds(input: Shape): number {
    return 2 * lstmMultiplyAdds(input, this.units);
  }

  withName(name: string): Bilstm {
    return new Bilstm({ ...this, name });
  }

  config(): LayerConfig {
    const { type, name, units, returnSequences } = this;
    return { type, name, units, returnSequences };
  }
}

/** `bilstm({ units: 128 })` gives 256 outputs. @throws UsageError */
export function bilstm(options: LstmOptions): Bilstm {
  return new Bilstm(options);
}
