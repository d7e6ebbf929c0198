import { type LstmGeometry, lastStep, lstmBackward, lstmForward } from "./lstm.js";
import type { LayerPass, LayerRun } from "./pass.js";

/**
 * An LSTM, or two of opposite directions with their outputs side by side.
 *
 * @param prefixes of each direction's tensors; the second reads backwards
 */
export function recurrentLayer(
  { units, returnSequences }: { readonly units: number; readonly returnSequences: boolean },
  prefixes: readonly string[],
  { shapes: [[steps, features]], inputs: [input], tensors: parameters, batch }: LayerRun,
): LayerPass {
  const width = prefixes.length * units;
  const rows = returnSequences ? batch * steps : batch;
  const output = new Float64Array(rows * width);
  const directions = prefixes.map((prefix, direction) => {
    const geometry: LstmGeometry = { batch, steps, features, units, backward: direction === 1 };
    const weights = {
      kernel: parameters[`${prefix}kernel`],
      recurrentKernel: parameters[`${prefix}recurrentKernel`],
      bias: parameters[`${prefix}bias`],
    };
    const states = lstmForward(geometry, input, weights);
    /** Where output row `row` of this direction stands in [N, T, units], in rows. */
    const stateRow = (row: number) => (returnSequences ? row : row * steps + lastStep(geometry));
    for (let row = 0; row < rows; row++) {
      for (let unit = 0; unit < units; unit++) {
        output[row * width + direction * units + unit] = states.outputs[stateRow(row) * units + unit];
      }
    }
    const backward = (outputGradient: Float64Array) => {
      const everyStep = new Float64Array(batch * steps * units);
      for (let row = 0; row < rows; row++) {
        for (let unit = 0; unit < units; unit++) {
          const gradient = outputGradient[row * width + direction * units + unit];
          everyStep[stateRow(row) * units + unit] = gradient;
        }
      }
      return lstmBackward(geometry, input, weights, states, everyStep);
    };
    return { prefix, backward };
  });
  return {
    output,
    backward: (outputGradient) => {
      const inputGradient = new Float64Array(input.length);
      const gradients: Record<string, Float64Array> = {};
      for (const { prefix, backward } of directions) {
        const own = backward(outputGradient);
        own.input.forEach((gradient, at) => {
          inputGradient[at] += gradient;
        });
        gradients[`${prefix}kernel`] = own.kernel;
        gradients[`${prefix}recurrentKernel`] = own.recurrentKernel;
        gradients[`${prefix}bias`] = own.bias;
      }
      return { inputs: [inputGradient], tensors: gradients };
    },
  };
}
