import { sigmoid } from "./activations.js";
import { readingOrder, type SequenceGeometry } from "./sequence.js";

export interface GruWeights {
  /** [F, 3U], blocks z, r, n. */
  readonly kernel: Float64Array;
  /** [U, 3U] */
  readonly recurrentKernel: Float64Array;
  /** [3U] */
  readonly bias: Float64Array;
  /** [3U] */
  readonly recurrentBias: Float64Array;
}

/** What a forward pass leaves for the backward one. */
export interface GruStates {
  /** h, [N, T, U]. */
  readonly outputs: Float64Array;
  /** z, r, n after their functions, [N, T, 3U]. */
  readonly gates: Float64Array;
  /** h'·R + c, [N, T, 3U]. */
  readonly recurrent: Float64Array;
}

export interface GruGradients extends GruWeights {
  /** [N, T, F] */
  readonly input: Float64Array;
}

/** z, r = σ(x·W + b + h·R + c), n = tanh(x·W + b + r ∘ (h·R + c)), h ← z ∘ h + (1 − z) ∘ n, from zeros. */
export function gruForward(geometry: SequenceGeometry, input: Float64Array, weights: GruWeights): GruStates {
  const { batch, steps, features, units } = geometry;
  const states = {
    outputs: new Float64Array(batch * steps * units),
    gates: new Float64Array(batch * steps * 3 * units),
    recurrent: new Float64Array(batch * steps * 3 * units),
  };
  const { outputs, gates, recurrent } = states;
  for (let sample = 0; sample < batch; sample++) {
    for (const { now, before } of readingOrder(geometry, sample)) {
      // z and r come before n.
      for (let column = 0; column < 3 * units; column++) {
        let sum = weights.bias[column];
        for (let feature = 0; feature < features; feature++) {
          sum += input[now * features + feature] * weights.kernel[feature * 3 * units + column];
        }
        let own = weights.recurrentBias[column];
        for (let unit = 0; before >= 0 && unit < units; unit++) {
          own += outputs[before * units + unit] * weights.recurrentKernel[unit * 3 * units + column];
        }
        const reset = gates[now * 3 * units + column - units];
        const isCandidate = column >= 2 * units;
        gates[now * 3 * units + column] = isCandidate ? Math.tanh(sum + reset * own) : sigmoid(sum + own);
        recurrent[now * 3 * units + column] = own;
      }
      for (let unit = 0; unit < units; unit++) {
        const [z, , n] = blocksOf(gates, now, unit, units);
        const held = before >= 0 ? outputs[before * units + unit] : 0;
        outputs[now * units + unit] = z * held + (1 - z) * n;
      }
    }
  }
  return states;
}

/** Back through time. @param outputGradient that of every step's output, [N, T, U] */
export function gruBackward(
  geometry: SequenceGeometry,
  input: Float64Array,
  weights: GruWeights,
  states: GruStates,
  outputGradient: Float64Array,
): GruGradients {
  const { batch, steps, features, units } = geometry;
  const gradients = {
    input: new Float64Array(batch * steps * features),
    kernel: new Float64Array(weights.kernel.length),
    recurrentKernel: new Float64Array(weights.recurrentKernel.length),
    bias: new Float64Array(weights.bias.length),
    recurrentBias: new Float64Array(weights.recurrentBias.length),
  };
  for (let sample = 0; sample < batch; sample++) {
    let carried = new Float64Array(units);
    for (const { now, before } of readingOrder(geometry, sample).reverse()) {
      // Of the blocks before their functions: the input's share of the sums, and the recurrent one.
      const sums = new Float64Array(3 * units);
      const recurrentSums = new Float64Array(3 * units);
      const next = new Float64Array(units);
      for (let unit = 0; unit < units; unit++) {
        const [z, r, n] = blocksOf(states.gates, now, unit, units);
        const weighed = states.recurrent[(now * 3 + 2) * units + unit];
        const held = before >= 0 ? states.outputs[before * units + unit] : 0;
        const output = outputGradient[now * units + unit] + carried[unit];
        const candidate = output * (1 - z) * (1 - n * n);
        sums[unit] = output * (held - n) * z * (1 - z);
        sums[units + unit] = candidate * weighed * r * (1 - r);
        sums[2 * units + unit] = candidate;
        next[unit] = output * z;
      }
      recurrentSums.set(sums);
      for (let unit = 0; unit < units; unit++)
        recurrentSums[2 * units + unit] *= blocksOf(states.gates, now, unit, units)[1];
      for (let column = 0; column < 3 * units; column++) {
        gradients.bias[column] += sums[column];
        gradients.recurrentBias[column] += recurrentSums[column];
        for (let feature = 0; feature < features; feature++) {
          const at = feature * 3 * units + column;
          gradients.kernel[at] += input[now * features + feature] * sums[column];
          gradients.input[now * features + feature] += weights.kernel[at] * sums[column];
        }
        for (let unit = 0; before >= 0 && unit < units; unit++) {
          const at = unit * 3 * units + column;
          gradients.recurrentKernel[at] += states.outputs[before * units + unit] * recurrentSums[column];
          next[unit] += weights.recurrentKernel[at] * recurrentSums[column];
        }
      }
      carried = next;
    }
  }
  return gradients;
}

function blocksOf(gates: Float64Array, row: number, unit: number, units: number): readonly number[] {
  return [0, 1, 2].map((gate) => gates[(row * 3 + gate) * units + unit]);
}
