/** Of values [rows, channels] each row's x̂ = (x − μ) / √(σ² + ε), and √(σ² + ε) of each. */
function normalizedRows(epsilon: number, x: Float64Array, channels: number) {
  const deviations = new Float64Array(x.length / channels);
  const xHat = new Float64Array(x.length);
  for (let row = 0; row < deviations.length; row++) {
    const values = x.subarray(row * channels, (row + 1) * channels);
    const mean = values.reduce((sum, value) => sum + value, 0) / channels;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / channels;
    deviations[row] = Math.sqrt(variance + epsilon);
    xHat.set(
      values.map((value) => (value - mean) / deviations[row]),
      row * channels,
    );
  }
  return { xHat, deviations };
}

/** y = γ · x̂ + β, rows being samples, their steps or their pixels. */
export function layerNormForward(
  epsilon: number,
  x: Float64Array,
  gamma: Float64Array,
  beta: Float64Array,
): Float64Array {
  const channels = gamma.length;
  const { xHat } = normalizedRows(epsilon, x, channels);
  return xHat.map((value, at) => gamma[at % channels] * value + beta[at % channels]);
}

/**
 * dβ = Σ dy and dγ = Σ dy · x̂ over the rows; with g = γ · dy in each row
 * dx = (g − Σ g / C − x̂ · Σ (g · x̂) / C) / √(σ² + ε).
 */
export function layerNormBackward(
  epsilon: number,
  x: Float64Array,
  gamma: Float64Array,
  outputGradient: Float64Array,
): { readonly input: Float64Array; readonly gamma: Float64Array; readonly beta: Float64Array } {
  const channels = gamma.length;
  const { xHat, deviations } = normalizedRows(epsilon, x, channels);
  const gradients = { gamma: new Float64Array(channels), beta: new Float64Array(channels) };
  const sums = new Float64Array(deviations.length);
  const projections = new Float64Array(deviations.length);
  outputGradient.forEach((dy, at) => {
    const [row, channel] = [Math.floor(at / channels), at % channels];
    gradients.beta[channel] += dy;
    gradients.gamma[channel] += dy * xHat[at];
    sums[row] += gamma[channel] * dy;
    projections[row] += gamma[channel] * dy * xHat[at];
  });
  const input = outputGradient.map((dy, at) => {
    const row = Math.floor(at / channels);
    const through = (sums[row] + xHat[at] * projections[row]) / channels;
    return (gamma[at % channels] * dy - through) / deviations[row];
  });
  return { input, ...gradients };
}
