/** One batch of a convolution; images [N, H, W, C] and kernels [kh, kw, C, F] in row-major order. */
export interface Conv2dGeometry {
  readonly batch: number;
  /** [H, W, C] */
  readonly input: readonly number[];
  /** [H', W', F] */
  readonly output: readonly number[];
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  /** Zeros above the image and left of it; those below and to the right follow from the sizes. */
  readonly paddingBefore: readonly [number, number];
  /** Parts of the channels; default 1. Kernels are [kh, kw, C / groups, F]. */
  readonly groups?: number;
  /** Pixels from one tap to the next; default 1. */
  readonly dilation?: readonly [number, number];
}

export interface Conv2dGradients {
  /** [N, H, W, C] */
  readonly input: Float64Array;
  /** [kh, kw, C, F] */
  readonly kernel: Float64Array;
  /** [F] */
  readonly bias: Float64Array;
}

/** y[n, i, j, f] = bias[f] + Σ x[n, i·s + a·d − top, j·s + b·d − left, c] · kernel[a, b, c, f]. */
export function conv2dForward(
  geometry: Conv2dGeometry,
  input: Float64Array,
  kernel: Float64Array,
  bias: Float64Array,
): Float64Array {
  const filters = geometry.output[2];
  const seen = seenBy(geometry);
  const result = new Float64Array(geometry.batch * geometry.output[0] * geometry.output[1] * filters);
  for (let at = 0; at < result.length; at++) result[at] = bias[at % filters];
  eachTap(geometry, (source, tap, target) => {
    for (const { channel, row, from, to } of seen) {
      const value = input[source + channel];
      for (let filter = from; filter < to; filter++)
        result[target + filter] += value * kernel[tap + row + filter];
    }
  });
  return result;
}

/** The gradients from that of the output, [N, H', W', F]. */
export function conv2dBackward(
  geometry: Conv2dGeometry,
  input: Float64Array,
  kernel: Float64Array,
  outputGradient: Float64Array,
): Conv2dGradients {
  const filters = geometry.output[2];
  const seen = seenBy(geometry);
  const gradients = {
    input: new Float64Array(input.length),
    kernel: new Float64Array(kernel.length),
    bias: new Float64Array(filters),
  };
  for (let at = 0; at < outputGradient.length; at++) gradients.bias[at % filters] += outputGradient[at];
  const ofKernel = gradients.kernel;
  eachTap(geometry, (source, tap, target) => {
    for (const { channel, row, from, to } of seen) {
      const value = input[source + channel];
      let sum = 0;
      for (let filter = from; filter < to; filter++) {
        const gradient = outputGradient[target + filter];
        ofKernel[tap + row + filter] += value * gradient;
        sum += kernel[tap + row + filter] * gradient;
      }
      gradients.input[source + channel] += sum;
    }
  });
  return gradients;
}

/** Of each channel the filters that read it, and where its weights begin in the kernel's [C / groups, F]. */
function seenBy({ input, output, groups = 1 }: Conv2dGeometry) {
  const [inputs, outputs] = [input[2] / groups, output[2] / groups];
  return Array.from({ length: input[2] }, (_, channel) => {
    const from = Math.floor(channel / inputs) * outputs;
    return { channel, row: (channel % inputs) * output[2], from, to: from + outputs };
  });
}

/**
 * Every pair of an output pixel and an input pixel inside the image that its window reads, as offsets: of the
 * input pixel's first channel, of the kernel's [C, F] at that place of the window, of the output's first filter.
 */
function eachTap(
  geometry: Conv2dGeometry,
  visit: (source: number, tap: number, target: number) => void,
): void {
  const [height, width, channels] = geometry.input;
  const [outputHeight, outputWidth, filters] = geometry.output;
  const [kernelHeight, kernelWidth] = geometry.kernelSize;
  const { groups = 1 } = geometry;
  const [down, across] = geometry.dilation ?? [1, 1];
  for (let sample = 0; sample < geometry.batch; sample++) {
    for (let i = 0; i < outputHeight; i++) {
      for (let j = 0; j < outputWidth; j++) {
        for (let a = 0; a < kernelHeight; a++) {
          const y = i * geometry.strides[0] + a * down - geometry.paddingBefore[0];
          if (y < 0 || y >= height) continue;
          for (let b = 0; b < kernelWidth; b++) {
            const x = j * geometry.strides[1] + b * across - geometry.paddingBefore[1];
            if (x < 0 || x >= width) continue;
            visit(
              ((sample * height + y) * width + x) * channels,
              (a * kernelWidth + b) * (channels / groups) * filters,
              ((sample * outputHeight + i) * outputWidth + j) * filters,
            );
          }
        }
      }
    }
  }
}
