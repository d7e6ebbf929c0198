/** Values [rows, channels]: rows are samples, or their pixels. */
export interface BatchNormGeometry {
  readonly rows: number;
  readonly channels: number;
  readonly epsilon: number;
}

/** A mean and a variance a channel. */
export interface Moments {
  readonly mean: Float64Array;
  readonly variance: Float64Array;
}

/** μ = Σ x / rows, σ² = Σ (x − μ)² / rows. */
export function momentsOf({ rows, channels }: BatchNormGeometry, x: Float64Array): Moments {
  const mean = new Float64Array(channels);
  const variance = new Float64Array(channels);
  for (let at = 0; at < x.length; at++) mean[at % channels] += x[at] / rows;
  for (let at = 0; at < x.length; at++) variance[at % channels] += (x[at] - mean[at % channels]) ** 2 / rows;
  return { mean, variance };
}

/** x̂ = (x − μ) / √(σ² + ε). */
export function normalized({ channels, epsilon }: BatchNormGeometry, x: Float64Array, moments: Moments) {
  const { mean, variance } = moments;
  return x.map((value, at) => (value - mean[at % channels]) / Math.sqrt(variance[at % channels] + epsilon));
}

/** y = γ · x̂ + β. */
export function scaleAndShift(xHat: Float64Array, gamma: Float64Array, beta: Float64Array): Float64Array {
  return xHat.map((value, at) => gamma[at % gamma.length] * value + beta[at % beta.length]);
}

export interface BatchNormGradients {
  readonly input: Float64Array;
  readonly gamma: Float64Array;
  readonly beta: Float64Array;
}

/**
 * dβ = Σ dy, dγ = Σ dy · x̂; with the batch's own moments dx = γ / √(σ² + ε) · (dy − (dβ + x̂ · dγ) / rows), with
 * fixed ones dx = γ / √(σ² + ε) · dy.
 */
export function batchNormBackward(
  { rows, channels, epsilon }: BatchNormGeometry,
  xHat: Float64Array,
  { variance }: Moments,
  gamma: Float64Array,
  outputGradient: Float64Array,
  ownMoments: boolean,
): BatchNormGradients {
  const gradients = { gamma: new Float64Array(channels), beta: new Float64Array(channels) };
  outputGradient.forEach((value, at) => {
    gradients.beta[at % channels] += value;
    gradients.gamma[at % channels] += value * xHat[at];
  });
  const input = outputGradient.map((value, at) => {
    const channel = at % channels;
    const through = (gradients.beta[channel] + xHat[at] * gradients.gamma[channel]) / rows;
    const scale = gamma[channel] / Math.sqrt(variance[channel] + epsilon);
    return scale * (ownMoments ? value - through : value);
  });
  return { input, ...gradients };
}
