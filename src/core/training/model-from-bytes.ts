import { decodeModel } from "../formats/model-file.js";
import type { Layer, Shape } from "../layers/layer.js";
import { namedLayers } from "../layers/naming.js";
import { layerFromConfig } from "../layers/registry.js";
import type { ModelState } from "./model-options.js";
import { checkTensors, initialWeights } from "./weights.js";

/**
 * The layers and options of a model from a file's bytes, for `sequential` or a shell's own kind of model.
 *
 * @param sourceName the file, for errors
 * @throws HeddleError when the bytes hold no such model.
 */
export function modelFromBytes(
  bytes: Uint8Array,
  sourceName: string,
): { layers: readonly Layer[]; inputShape: Shape; state: ModelState } {
  const { layers, inputShape, normalization, classNames, tensors } = decodeModel(bytes, sourceName);
  const built = layers.map((config) => layerFromConfig(config));
  checkTensors(tensors, initialWeights(namedLayers(built), inputShape, 0), sourceName);
  return { layers: built, inputShape, state: { weights: tensors, normalization, classNames } };
}
