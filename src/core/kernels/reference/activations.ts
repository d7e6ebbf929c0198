import type { ActivationName } from "../../layers/layer.js";
import { normalDensity, normalDistribution } from "./normal.js";

/** 1 / (1 + e^(−x)). */
export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

/** An activation as a user asks for it. */
export interface ActivationTwin {
  readonly name: ActivationName;
  /** Of leakyRelu (default 0.01). */
  readonly negativeSlope?: number;
}

interface Twin {
  value(x: number, negativeSlope: number): number;
  /** The derivative at x; at a corner, the one from below. */
  slope(x: number, negativeSlope: number): number;
}

const geluScale = Math.sqrt(2 / Math.PI);

const twins: Readonly<Record<ActivationName, Twin>> = {
  linear: { value: (x) => x, slope: () => 1 },
  relu: { value: (x) => Math.max(x, 0), slope: (x) => (x > 0 ? 1 : 0) },
  relu6: { value: (x) => Math.min(Math.max(x, 0), 6), slope: (x) => (x > 0 && x < 6 ? 1 : 0) },
  leakyRelu: {
    value: (x, negativeSlope) => (x > 0 ? x : negativeSlope * x),
    slope: (x, negativeSlope) => (x > 0 ? 1 : negativeSlope),
  },
  elu: { value: (x) => (x > 0 ? x : Math.expm1(x)), slope: (x) => (x > 0 ? 1 : Math.exp(x)) },
  tanh: { value: Math.tanh, slope: (x) => 1 - Math.tanh(x) ** 2 },
  sigmoid: { value: sigmoid, slope: (x) => sigmoid(x) * (1 - sigmoid(x)) },
  softplus: {
    value: (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x))),
    slope: sigmoid,
  },
  silu: {
    value: (x) => x * sigmoid(x),
    slope: (x) => sigmoid(x) * (1 + x * (1 - sigmoid(x))),
  },
  hardSwish: {
    value: (x) => (x * Math.min(Math.max(x + 3, 0), 6)) / 6,
    slope: (x) => (x <= -3 ? 0 : x < 3 ? x / 3 + 0.5 : 1),
  },
  gelu: {
    value: (x) => x * normalDistribution(x),
    slope: (x) => normalDistribution(x) + x * normalDensity(x),
  },
  geluTanh: {
    value: (x) => (x / 2) * (1 + Math.tanh(geluScale * (x + 0.044715 * x ** 3))),
    slope: (x) => {
      const t = Math.tanh(geluScale * (x + 0.044715 * x ** 3));
      return (1 + t) / 2 + (x / 2) * (1 - t * t) * geluScale * (1 + 3 * 0.044715 * x * x);
    },
  },
};

export function activationForward(
  { name, negativeSlope = 0.01 }: ActivationTwin,
  input: Float64Array,
): Float64Array {
  return input.map((x) => twins[name].value(x, negativeSlope));
}

export function activationBackward(
  { name, negativeSlope = 0.01 }: ActivationTwin,
  input: Float64Array,
  outputGradient: Float64Array,
): Float64Array {
  return outputGradient.map((gradient, at) => gradient * twins[name].slope(input[at], negativeSlope));
}
