import { gruBackward, gruForward } from "./gru.js";
import { lstmBackward, lstmForward } from "./lstm.js";
import type { LayerPass, LayerRun } from "./pass.js";
import { lastStep, type SequenceGeometry } from "./sequence.js";

/** One direction forward, and what takes the gradient of every step's output back. */
type Recurrence = (
  geometry: SequenceGeometry,
  input: Float64Array,
  tensor: (name: string) => Float64Array,
) => {
  /** h, [N, T, U]. */
  readonly outputs: Float64Array;
  /** Gives the input's gradient beside the tensors'. */
  backward(
    outputGradient: Float64Array,
  ): { readonly input: Float64Array } & Readonly<Record<string, Float64Array>>;
};

export const lstmRecurrence: Recurrence = (geometry, input, tensor) => {
  const weights = {
    kernel: tensor("kernel"),
    recurrentKernel: tensor("recurrentKernel"),
    bias: tensor("bias"),
  };
  const states = lstmForward(geometry, input, weights);
  const { outputs } = states;
  return {
    outputs,
    backward: (gradient) => ({ ...lstmBackward(geometry, input, weights, states, gradient) }),
  };
};

export const gruRecurrence: Recurrence = (geometry, input, tensor) => {
  const weights = {
    kernel: tensor("kernel"),
    recurrentKernel: tensor("recurrentKernel"),
    bias: tensor("bias"),
    recurrentBias: tensor("recurrentBias"),
  };
  const states = gruForward(geometry, input, weights);
  const { outputs } = states;
  return {
    outputs,
    backward: (gradient) => ({ ...gruBackward(geometry, input, weights, states, gradient) }),
  };
};

/**
 * A recurrent layer, or two of opposite directions with their outputs side by side.
 *
 * @param prefixes of each direction's tensors; the second reads backwards
 */
export function recurrentLayer(
  recurrence: Recurrence,
  { units, returnSequences }: { readonly units: number; readonly returnSequences: boolean },
  prefixes: readonly string[],
  { shapes: [[steps, features]], inputs: [input], tensors: parameters, batch }: LayerRun,
): LayerPass {
  const width = prefixes.length * units;
  const rows = returnSequences ? batch * steps : batch;
  const output = new Float64Array(rows * width);
  const directions = prefixes.map((prefix, direction) => {
    const geometry: SequenceGeometry = { batch, steps, features, units, backward: direction === 1 };
    const states = recurrence(geometry, input, (name) => parameters[`${prefix}${name}`]);
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
      return states.backward(everyStep);
    };
    return { prefix, backward };
  });
  return {
    output,
    backward: (outputGradient) => {
      const inputGradient = new Float64Array(input.length);
      const gradients: Record<string, Float64Array> = {};
      for (const { prefix, backward } of directions) {
        const { input: own, ...tensors } = backward(outputGradient);
        own.forEach((gradient, at) => {
          inputGradient[at] += gradient;
        });
        for (const [name, gradient] of Object.entries(tensors)) gradients[`${prefix}${name}`] = gradient;
      }
      return { inputs: [inputGradient], tensors: gradients };
    },
  };
}
