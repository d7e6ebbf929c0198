/** One batch of a dense layer; x [N, I], kernel [I, O] and y [N, O] in row-major order. */
export interface DenseGeometry {
  readonly batch: number;
  readonly inputs: number;
  readonly outputs: number;
}

export interface DenseGradients {
  /** [N, I] */
  readonly input: Float64Array;
  /** [I, O] */
  readonly kernel: Float64Array;
  /** [O] */
  readonly bias: Float64Array;
}

/** y = x · kernel + bias. */
export function denseForward(
  { batch, inputs, outputs }: DenseGeometry,
  input: Float64Array,
  kernel: Float64Array,
  bias: Float64Array,
): Float64Array {
  const result = new Float64Array(batch * outputs);
  for (let sample = 0; sample < batch; sample++) {
    for (let output = 0; output < outputs; output++) {
      let sum = bias[output];
      for (let at = 0; at < inputs; at++) sum += input[sample * inputs + at] * kernel[at * outputs + output];
      result[sample * outputs + output] = sum;
    }
  }
  return result;
}

/** dx = dy · kernelᵀ, dkernel = xᵀ · dy, dbias = Σ dy over the batch. */
export function denseBackward(
  { batch, inputs, outputs }: DenseGeometry,
  input: Float64Array,
  kernel: Float64Array,
  outputGradient: Float64Array,
): DenseGradients {
  const gradients = {
    input: new Float64Array(batch * inputs),
    kernel: new Float64Array(inputs * outputs),
    bias: new Float64Array(outputs),
  };
  for (let sample = 0; sample < batch; sample++) {
    for (let output = 0; output < outputs; output++) {
      const gradient = outputGradient[sample * outputs + output];
      gradients.bias[output] += gradient;
      for (let at = 0; at < inputs; at++) {
        gradients.input[sample * inputs + at] += gradient * kernel[at * outputs + output];
        gradients.kernel[at * outputs + output] += gradient * input[sample * inputs + at];
      }
    }
  }
  return gradients;
}
