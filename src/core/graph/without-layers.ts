import { apply, input, type Value } from "../layers/value.js";
import { type Graph, graphOf, images } from "./graph.js";

/** The same graph without the layers of a type that leaves shapes as they are: who read one reads what it read. */
export function withoutLayers({ inputShape, nodes }: Graph, type: string): Graph {
  const entry = input(inputShape);
  const values: Value[] = [];
  for (const { layer, inputs } of nodes) {
    const read = inputs.map((index) => (index === images ? entry : values[index]));
    const [first] = read;
    values.push(layer.type === type ? first : apply(layer, layer.inputs === "one" ? first : read));
  }
  return graphOf(entry, values[values.length - 1]);
}
