import type { ActivationName } from "../../layers/layer.js";

/** 1 / (1 + e^(−x)). */
export function sigmoid(value: number): number {
  return 1 / (1 + Math.exp(-value));
}

const functions: Readonly<Record<ActivationName, (value: number) => number>> = {
  linear: (value) => value,
  relu: (value) => Math.max(value, 0),
  tanh: Math.tanh,
  sigmoid,
};

/** The derivative at x, written in y = function(x); relu's at 0 is 0. */
const derivatives: Readonly<Record<ActivationName, (output: number) => number>> = {
  linear: () => 1,
  relu: (output) => (output > 0 ? 1 : 0),
  tanh: (output) => 1 - output * output,
  sigmoid: (output) => output * (1 - output),
};

export function activationForward(name: ActivationName, input: Float64Array): Float64Array {
  return input.map(functions[name]);
}

/** @param output what the forward pass gave */
export function activationBackward(
  name: ActivationName,
  output: Float64Array,
  outputGradient: Float64Array,
): Float64Array {
  return outputGradient.map((gradient, at) => gradient * derivatives[name](output[at]));
}
