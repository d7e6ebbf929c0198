import type { Shape } from "../layers/layer.js";
import { apply, input, type Value } from "../layers/value.js";
import { type GraphNode, images } from "./graph.js";

/** Nodes of a graph as values, to go on from. */
export interface Rebuilt {
  /** What stands for the images. */
  readonly entry: Value;
  /** What a node of the graph gives, or the images. */
  valueAt(index: number): Value;
}

/**
 * Those nodes that lead to some of them, over images of a shape.
 *
 * @param wanted nodes of the graph
 */
export function rebuild(nodes: readonly GraphNode[], wanted: readonly number[], inputShape: Shape): Rebuilt {
  const entry = input(inputShape);
  const values = new Map<number, Value>([[images, entry]]);
  const valueAt = (index: number): Value => {
    const known = values.get(index);
    if (known) return known;
    throw new Error("A node stands before one that it reads.");
  };
  const leading = new Set(wanted);
  for (const { index, inputs } of nodes.toReversed())
    if (leading.has(index)) for (const read of inputs) leading.add(read);
  for (const { index, layer, inputs } of nodes) {
    if (!leading.has(index)) continue;
    const read = inputs.map(valueAt);
    values.set(index, apply(layer, layer.inputs === "one" ? read[0] : read));
  }
  return { entry, valueAt };
}
