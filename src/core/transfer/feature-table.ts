import type { Normalization } from "../data/dataset.js";
import type { NamedTensor } from "../named-tensor.js";
import type { Features } from "./features.js";

/** Features as bytes: a byte q of feature c stands for least[c] + q / 255 · scale[c], a scale of 0 for one that never varies. */
export interface FeatureTable {
  readonly size: number;
  readonly scale: Float64Array;
  readonly least: Float64Array;
  readonly plain: Uint8Array;
  readonly mirrored?: Uint8Array;
}

export function quantized({ size, plain, mirrored }: Features): FeatureTable {
  const least = new Float64Array(size).fill(Number.POSITIVE_INFINITY);
  const greatest = new Float64Array(size).fill(Number.NEGATIVE_INFINITY);
  for (const values of mirrored ? [plain, mirrored] : [plain])
    for (let at = 0; at < values.length; at++) {
      const feature = at % size;
      if (values[at] < least[feature]) least[feature] = values[at];
      if (values[at] > greatest[feature]) greatest[feature] = values[at];
    }
  const scale = greatest.map((most, feature) => most - least[feature]);
  const bytes = (values: Float32Array): Uint8Array =>
    Uint8Array.from(values, (value, at) => {
      const feature = at % size;
      return Math.round(((value - least[feature]) / (scale[feature] || 1)) * 255);
    });
  return { size, scale, least, plain: bytes(plain), ...(mirrored && { mirrored: bytes(mirrored) }) };
}

/**
 * Over features in place of their bytes: W · ((f − least) / scale − mean) / deviation + b, multiplied out. One that never
 * varied has taught its weights nothing: they are 0, and not the first ones that were drawn.
 */
export function unquantized(
  {
    weights,
    normalization: { mean, deviation },
  }: { readonly weights: readonly NamedTensor[]; readonly normalization: Normalization },
  { size, scale, least }: FeatureTable,
  classes: number,
): { readonly kernel: NamedTensor; readonly bias: NamedTensor } {
  const kernel = weights.find(({ name }) => name === "head.kernel")!.data;
  const bias = Float64Array.from(weights.find(({ name }) => name === "head.bias")!.data);
  const over = new Float32Array(kernel.length);
  for (let feature = 0; feature < size; feature++) {
    if (scale[feature] === 0) continue;
    for (let label = 0; label < classes; label++) {
      const at = feature * classes + label;
      const weight = kernel[at] / deviation[feature];
      over[at] = weight / scale[feature];
      bias[label] -= weight * (mean[feature] + least[feature] / scale[feature]);
    }
  }
  return {
    kernel: { name: "kernel", shape: [size, classes], data: over },
    bias: { name: "bias", shape: [classes], data: Float32Array.from(bias) },
  };
}
