import type { TensorSpec } from "../../../layers/layer.js";
import { shapeSize } from "../../../layers/shape.js";

/**
 * Weights and images by whole-number arithmetic that scripts/fixtures/pytorch-gradient.py repeats exactly. Every
 * value is exact in float32, so that the engine and the double-precision twin start from the same numbers.
 */

/** state ← 1664525 · state + 1013904223 mod 2³² (Knuth's and Lewis's constants). */
function linearCongruential(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state;
  };
}

/**
 * Values for tensors in order, all from one stream: 24 bits in [−1, 1) times a power of two, that of a tensor of
 * two axes or more the smallest of at least √(6 / (fanIn + fanOut)), that of a bias 1/16; one more where the first
 * values are ones.
 */
export function deterministicParameters(specs: readonly TensorSpec[]): Map<string, Float32Array> {
  const next = linearCongruential(1);
  const parameters = new Map<string, Float32Array>();
  for (const { name, shape, initializer } of specs) {
    const scale = shape.length === 1 ? 1 / 16 : weightScale(shape);
    const centre = initializer === "ones" ? 1 : 0;
    const values = new Float32Array(shapeSize(shape));
    // A map would take ten times as long, and some models have millions.
    for (let at = 0; at < values.length; at++)
      values[at] = centre + (((next() >>> 8) - 2 ** 23) / 2 ** 23) * scale;
    parameters.set(name, values);
  }
  return parameters;
}

function weightScale(shape: readonly number[]): number {
  const [inputs, outputs] = shape.slice(-2);
  const fans = shapeSize(shape.slice(0, -2)) * (inputs + outputs);
  let scale = 1;
  while ((scale / 2) ** 2 * fans >= 6) scale /= 2;
  return scale;
}

/**
 * `count` images of `size` bytes each; a byte p enters the network as (p − 128) / 128, which is
 * `deterministicNormalization`.
 */
export function deterministicImages(count: number, size: number): Uint8Array {
  const next = linearCongruential(2);
  const images = new Uint8Array(count * size);
  for (let at = 0; at < images.length; at++) images[at] = next() >>> 24;
  return images;
}

export const deterministicNormalization = (channels: number) => ({
  mean: Array<number>(channels).fill(128 / 255),
  deviation: Array<number>(channels).fill(128 / 255),
});

/** 1, 4, 7, 0, 3, … of ten classes. */
export function deterministicLabels(count: number): Uint8Array {
  return Uint8Array.from({ length: count }, (_, index) => (3 * index + 1) % 10);
}
