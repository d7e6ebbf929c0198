import assert from "node:assert/strict";
import type { Graph } from "../../core/graph/index.js";
import { referenceNetwork } from "../../core/kernels/reference/network.js";
import type { ImportedModel } from "../index.js";

/** What an imported graph makes of images [N, H, W, C] that count through a sine. */
export function outputOf({ graph, weights }: ImportedModel, count = 1): Float64Array {
  const size = graph.inputShape.reduce((product, length) => product * length, 1);
  const images = Float64Array.from({ length: count * size }, (_, index) => Math.sin(index));
  const parameters = new Map(weights.map(({ name, data }) => [name, data]));
  return referenceNetwork(graph).forward(parameters, images, count);
}

export const types = ({ nodes }: Graph): readonly string[] => nodes.map(({ layer }) => layer.type);

export const close = (given: Float64Array, wanted: ArrayLike<number>): void => {
  assert.equal(given.length, wanted.length);
  given.forEach((value, index) => {
    assert.ok(Math.abs(value - wanted[index]) < 1e-5, `${index}: ${value}, wanted ${wanted[index]}`);
  });
};
