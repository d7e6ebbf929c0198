import { decodeModel } from "../formats/model-file.js";
import { type Graph, graphFromConfig } from "../graph/index.js";
import type { ModelState } from "./model.js";
import { checkTensors, initialWeights } from "./weights.js";

/**
 * The graph and state of a model from a file's bytes, for a shell's own kind of model.
 *
 * @param sourceName the file, for errors
 * @throws HeddleError when the bytes hold no such model.
 */
export function modelFromBytes(bytes: Uint8Array, sourceName: string): { graph: Graph; state: ModelState } {
  const { layers, inputShape, normalization, classNames, tensors } = decodeModel(bytes, sourceName);
  const graph = graphFromConfig(layers, inputShape);
  checkTensors(tensors, initialWeights(graph, 0), sourceName);
  return { graph, state: { weights: tensors, normalization, classNames } };
}
