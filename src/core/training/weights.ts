import type { NamedTensor } from "../engine/network.js";
import { HeddleError } from "../errors.js";
import { type Graph, tensorsOf } from "../graph/index.js";
import { initialize } from "../layers/initializers.js";
import { shapeText } from "../layers/shape.js";

/** The first weights of a graph, named `<layer>.<tensor>`, each drawn from a stream of its own. */
export function initialWeights(graph: Graph, seed: number): NamedTensor[] {
  return tensorsOf(graph).map((spec, index) => ({
    name: spec.name,
    shape: spec.shape,
    data: initialize(spec, seed, index),
  }));
}

/**
 * Holds tensors against those that a model has: the same names and shapes, in any order.
 *
 * @param source what the tensors came from, for the error
 * @throws HeddleError on one missing, unknown or of another shape.
 */
export function checkTensors(
  tensors: readonly NamedTensor[],
  expected: readonly Pick<NamedTensor, "name" | "shape">[],
  source = "The weights",
): void {
  const given = new Map(tensors.map((tensor) => [tensor.name, tensor]));
  for (const { name, shape } of expected) {
    const tensor = given.get(name);
    if (!tensor) throw mismatch(source, `${name} is missing`);
    if (shapeText(tensor.shape) !== shapeText(shape)) {
      throw mismatch(source, `${name} is ${shapeText(tensor.shape)}, not ${shapeText(shape)}`);
    }
    given.delete(name);
  }
  const [unknown] = given.keys();
  if (unknown !== undefined) throw mismatch(source, `${unknown} is not one of its tensors`);
}

function mismatch(source: string, what: string): HeddleError {
  return new HeddleError(
    `${source}: these are weights of another model: ${what}. Build the model with the layers they were saved from.`,
  );
}
