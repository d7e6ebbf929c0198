import type { Shape } from "../../layers/layer.js";
import { shapeSize } from "../../layers/shape.js";
import { mix32, streamKey } from "../../random.js";

/** The key of one dropout layer in one step. @param nodeIndex its node's place in the graph */
export function dropoutKey(seed: number, step: number, nodeIndex: number): number {
  return streamKey(seed, step, nodeIndex);
}

/** Whether the value of number `index` is kept: a hash of index and key is as large as the rate asks, or the largest. */
export function dropoutKeeps(rate: number, key: number, index: number): boolean {
  const hash = mix32(Math.imul(index, 0x9e3779b1) + key) >>> 8;
  return hash >= Math.round(rate * 2 ** 24) || hash === 2 ** 24 - 1;
}

/**
 * The number by which the mask knows a value. Numbers count the last axis (the channels) as rounded up to a
 * multiple of 4, the lanes of a vector, which is how the engine lays its tensors out.
 * @param shape of one sample
 * @param sample position in the batch
 * @param element position in the sample, row-major in `shape`
 */
export function dropoutIndex(shape: Shape, sample: number, element: number): number {
  const channels = shape[shape.length - 1];
  const padded = 4 * Math.ceil(channels / 4);
  const perSample = (shapeSize(shape) / channels) * padded;
  return sample * perSample + Math.floor(element / channels) * padded + (element % channels);
}

/** What each value of a batch is multiplied by: 0, or 1 / (1 − rate). */
export function dropoutScales(rate: number, key: number, shape: Shape, batch: number): Float64Array {
  const size = shapeSize(shape);
  const scales = new Float64Array(batch * size);
  for (let sample = 0; sample < batch; sample++) {
    for (let element = 0; element < size; element++) {
      if (!dropoutKeeps(rate, key, dropoutIndex(shape, sample, element))) continue;
      scales[sample * size + element] = 1 / (1 - rate);
    }
  }
  return scales;
}

/** y = x · scale; backward is the same: dx = dy · scale. */
export function applyDropout(values: Float64Array, scales: Float64Array): Float64Array {
  return values.map((value, at) => value * scales[at]);
}
