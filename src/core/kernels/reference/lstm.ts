import { sigmoid } from "./activations.js";
import { readingOrder, type SequenceGeometry } from "./sequence.js";

export interface LstmWeights {
  /** [F, 4U], blocks i, f, g, o. */
  readonly kernel: Float64Array;
  /** [U, 4U] */
  readonly recurrentKernel: Float64Array;
  /** [4U] */
  readonly bias: Float64Array;
}

/** What a forward pass leaves for the backward one. */
export interface LstmStates {
  /** h, [N, T, U]. */
  readonly outputs: Float64Array;
  /** c, [N, T, U]. */
  readonly cells: Float64Array;
  /** i, f, g, o after their functions, [N, T, 4U]. */
  readonly gates: Float64Array;
}

export interface LstmGradients extends LstmWeights {
  /** [N, T, F] */
  readonly input: Float64Array;
}

/** i, f, o = σ(x·W + h·R + b), g = tanh(x·W + h·R + b), c ← f ∘ c + i ∘ g, h ← o ∘ tanh(c), from zeros. */
export function lstmForward(
  geometry: SequenceGeometry,
  input: Float64Array,
  weights: LstmWeights,
): LstmStates {
  const { batch, steps, features, units } = geometry;
  const states = {
    outputs: new Float64Array(batch * steps * units),
    cells: new Float64Array(batch * steps * units),
    gates: new Float64Array(batch * steps * 4 * units),
  };
  const { outputs, cells, gates } = states;
  for (let sample = 0; sample < batch; sample++) {
    for (const { now, before } of readingOrder(geometry, sample)) {
      for (let column = 0; column < 4 * units; column++) {
        let sum = weights.bias[column];
        for (let feature = 0; feature < features; feature++) {
          sum += input[now * features + feature] * weights.kernel[feature * 4 * units + column];
        }
        for (let unit = 0; before >= 0 && unit < units; unit++) {
          sum += outputs[before * units + unit] * weights.recurrentKernel[unit * 4 * units + column];
        }
        const isCandidate = Math.floor(column / units) === 2;
        gates[now * 4 * units + column] = isCandidate ? Math.tanh(sum) : sigmoid(sum);
      }
      for (let unit = 0; unit < units; unit++) {
        const [i, f, g, o] = gatesOf(gates, now, unit, units);
        const held = before >= 0 ? cells[before * units + unit] : 0;
        const cell = f * held + i * g;
        cells[now * units + unit] = cell;
        outputs[now * units + unit] = o * Math.tanh(cell);
      }
    }
  }
  return states;
}

/** Back through time. @param outputGradient that of every step's output, [N, T, U] */
export function lstmBackward(
  geometry: SequenceGeometry,
  input: Float64Array,
  weights: LstmWeights,
  states: LstmStates,
  outputGradient: Float64Array,
): LstmGradients {
  const { batch, steps, features, units } = geometry;
  const gradients = {
    input: new Float64Array(batch * steps * features),
    kernel: new Float64Array(weights.kernel.length),
    recurrentKernel: new Float64Array(weights.recurrentKernel.length),
    bias: new Float64Array(weights.bias.length),
  };
  for (let sample = 0; sample < batch; sample++) {
    let outputCarried = new Float64Array(units);
    const cellCarried = new Float64Array(units);
    for (const { now, before } of readingOrder(geometry, sample).reverse()) {
      // Of the four blocks before their functions.
      const sums = new Float64Array(4 * units);
      for (let unit = 0; unit < units; unit++) {
        const [i, f, g, o] = gatesOf(states.gates, now, unit, units);
        const held = before >= 0 ? states.cells[before * units + unit] : 0;
        const squashed = Math.tanh(states.cells[now * units + unit]);
        const output = outputGradient[now * units + unit] + outputCarried[unit];
        const cell = cellCarried[unit] + output * o * (1 - squashed * squashed);
        sums[unit] = cell * g * i * (1 - i);
        sums[units + unit] = cell * held * f * (1 - f);
        sums[2 * units + unit] = cell * i * (1 - g * g);
        sums[3 * units + unit] = output * squashed * o * (1 - o);
        cellCarried[unit] = cell * f;
      }
      outputCarried = new Float64Array(units);
      for (let column = 0; column < 4 * units; column++) {
        gradients.bias[column] += sums[column];
        for (let feature = 0; feature < features; feature++) {
          const at = feature * 4 * units + column;
          gradients.kernel[at] += input[now * features + feature] * sums[column];
          gradients.input[now * features + feature] += weights.kernel[at] * sums[column];
        }
        for (let unit = 0; before >= 0 && unit < units; unit++) {
          const at = unit * 4 * units + column;
          gradients.recurrentKernel[at] += states.outputs[before * units + unit] * sums[column];
          outputCarried[unit] += weights.recurrentKernel[at] * sums[column];
        }
      }
    }
  }
  return gradients;
}

function gatesOf(gates: Float64Array, row: number, unit: number, units: number): readonly number[] {
  return [0, 1, 2, 3].map((gate) => gates[(row * 4 + gate) * units + unit]);
}
