import type { Conv2dGeometry, Conv2dGradients } from "./conv2d.js";

/** y[n, i, j, c·m + q] = bias[c·m + q] + Σ x[n, i·s + a·d − top, j·s + b·d − left, c] · kernel[a, b, c, q]. */
export function depthwiseForward(
  geometry: Conv2dGeometry,
  input: Float64Array,
  kernel: Float64Array,
  bias: Float64Array,
): Float64Array {
  const [height, width, filters] = geometry.output;
  const result = new Float64Array(geometry.batch * height * width * filters);
  for (let at = 0; at < result.length; at++) result[at] = bias[at % filters];
  eachProduct(geometry, (source, weight, target) => {
    result[target] += input[source] * kernel[weight];
  });
  return result;
}

/** The gradients from that of the output, [N, H', W', C · m]. */
export function depthwiseBackward(
  geometry: Conv2dGeometry,
  input: Float64Array,
  kernel: Float64Array,
  outputGradient: Float64Array,
): Conv2dGradients {
  const filters = geometry.output[2];
  const gradients = {
    input: new Float64Array(input.length),
    kernel: new Float64Array(kernel.length),
    bias: new Float64Array(filters),
  };
  for (let at = 0; at < outputGradient.length; at++) gradients.bias[at % filters] += outputGradient[at];
  eachProduct(geometry, (source, weight, target) => {
    gradients.kernel[weight] += input[source] * outputGradient[target];
    gradients.input[source] += kernel[weight] * outputGradient[target];
  });
  return gradients;
}

/** Every number of the input that is multiplied, its weight and the number of the output it goes into. */
function eachProduct(
  { batch, input, output, kernelSize, strides, dilation = [1, 1], paddingBefore }: Conv2dGeometry,
  visit: (source: number, weight: number, target: number) => void,
): void {
  const [height, width, channels] = input;
  const [outputHeight, outputWidth, filters] = output;
  for (let target = 0; target < batch * outputHeight * outputWidth * filters; target++) {
    const filter = target % filters;
    const channel = Math.floor(filter / (filters / channels));
    const pixel = Math.floor(target / filters);
    const j = pixel % outputWidth;
    const i = Math.floor(pixel / outputWidth) % outputHeight;
    const sample = Math.floor(pixel / (outputWidth * outputHeight));
    for (let a = 0; a < kernelSize[0]; a++) {
      for (let b = 0; b < kernelSize[1]; b++) {
        const y = i * strides[0] + a * dilation[0] - paddingBefore[0];
        const x = j * strides[1] + b * dilation[1] - paddingBefore[1];
        if (y < 0 || y >= height || x < 0 || x >= width) continue;
        const source = ((sample * height + y) * width + x) * channels + channel;
        visit(source, (a * kernelSize[1] + b) * filters + filter, target);
      }
    }
  }
}
