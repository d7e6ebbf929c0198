/** One batch of a pool without padding over images [N, H, W, C] in row-major order. */
export interface PoolGeometry {
  readonly batch: number;
  /** [H, W, C] */
  readonly input: readonly number[];
  /** [H', W', C] */
  readonly output: readonly number[];
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
}

/** The largest value of each window. */
export function maxPoolForward(geometry: PoolGeometry, input: Float64Array): Float64Array {
  return largestOfWindows(geometry, input).map((source) => input[source]);
}

/** Each output's gradient goes to the first of its window's largest values, in row-major order. */
export function maxPoolBackward(
  geometry: PoolGeometry,
  input: Float64Array,
  outputGradient: Float64Array,
): Float64Array {
  const result = new Float64Array(input.length);
  largestOfWindows(geometry, input).forEach((source, target) => {
    result[source] += outputGradient[target];
  });
  return result;
}

/** The mean of each window. */
export function averagePoolForward(geometry: PoolGeometry, input: Float64Array): Float64Array {
  const share = 1 / (geometry.poolSize[0] * geometry.poolSize[1]);
  const result = new Float64Array(outputLength(geometry));
  eachPair(geometry, (source, target) => {
    result[target] += input[source] * share;
  });
  return result;
}

/** Each output's gradient goes to its window's values in equal shares. */
export function averagePoolBackward(geometry: PoolGeometry, outputGradient: Float64Array): Float64Array {
  const [height, width, channels] = geometry.input;
  const share = 1 / (geometry.poolSize[0] * geometry.poolSize[1]);
  const result = new Float64Array(geometry.batch * height * width * channels);
  eachPair(geometry, (source, target) => {
    result[source] += outputGradient[target] * share;
  });
  return result;
}

/** For each output, where in the input its window's first largest value stands. */
function largestOfWindows(geometry: PoolGeometry, input: Float64Array): Float64Array {
  const largest = new Float64Array(outputLength(geometry)).fill(-1);
  eachPair(geometry, (source, target) => {
    if (largest[target] < 0 || input[source] > input[largest[target]]) largest[target] = source;
  });
  return largest;
}

function outputLength({ batch, output }: PoolGeometry): number {
  return batch * output[0] * output[1] * output[2];
}

/** Every pair of an output value and an input value of its window, each window in row-major order. */
function eachPair(geometry: PoolGeometry, visit: (source: number, target: number) => void): void {
  const [height, width, channels] = geometry.input;
  const [outputHeight, outputWidth] = geometry.output;
  const length = outputLength(geometry);
  for (let target = 0; target < length; target++) {
    const channel = target % channels;
    const j = Math.floor(target / channels) % outputWidth;
    const i = Math.floor(target / (channels * outputWidth)) % outputHeight;
    const sample = Math.floor(target / (channels * outputWidth * outputHeight));
    for (let a = 0; a < geometry.poolSize[0]; a++) {
      for (let b = 0; b < geometry.poolSize[1]; b++) {
        const y = i * geometry.strides[0] + a;
        const x = j * geometry.strides[1] + b;
        visit(((sample * height + y) * width + x) * channels + channel, target);
      }
    }
  }
}
