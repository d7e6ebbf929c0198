import { defineLayer } from "./define-layer.js";
import { checkSequence, type LstmOptions, lstmMultiplyAdds, lstmTensors, recurrentOptions } from "./lstm.js";

export const bilstmType = defineLayer({
  type: "bilstm",
  meaning: "an LSTM in each direction of a sequence: [steps, features] → [2 · units]",
  example: "bilstm({ units: 128 })",
  options: recurrentOptions,
  outputShape: (layer, [input]) => {
    checkSequence(layer, input);
    const { units, returnSequences } = layer.options;
    return returnSequences ? [input[0], 2 * units] : [2 * units];
  },
  tensors: ({ options: { units } }, [input]) => [
    ...lstmTensors(input[1], units, "forward."),
    ...lstmTensors(input[1], units, "backward."),
  ],
  multiplyAdds: ({ options: { units } }, [input]) => 2 * lstmMultiplyAdds(input, units),
});

/** The layer that `bilstm` makes. */
export interface Bilstm extends ReturnType<typeof bilstmType.make> {}

/**
 * Bidirectional LSTM (Graves and Schmidhuber 2005): one LSTM reads the sequence forward, one backward, and
 * their outputs stand side by side, forward first. [N, T, F] → [N, 2·units], each direction's output after
 * its last step (step 0 for the backward one); with `returnSequences` [N, T, 2·units], both at the same step.
 *
 * @example bilstm({ units: 128 }) // 256 outputs
 * @throws UsageError on an option that is unknown, missing or out of bounds.
 */
export function bilstm(options: LstmOptions): Bilstm {
  return bilstmType.make(options);
}
