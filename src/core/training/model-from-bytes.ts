import { HeddleError } from "../errors.js";
import { decodeModel, type ModelContents } from "../formats/model-file.js";
import type { Layer, Shape } from "../layers/layer.js";
import { namedLayers } from "../layers/naming.js";
import { layerFromConfig } from "../layers/registry.js";
import { shapeText } from "../layers/shape.js";
import type { ModelState } from "./model-options.js";
import { checkTensors, parameterShapes } from "./weights.js";

/**
 * The layers and options of a model from a file's bytes, for `sequential` or a shell's own kind of model. What
 * the layers say of their sizes is held against the tensors that are there before anything is made of it.
 *
 * @param sourceName the file, for errors
 * @throws HeddleError when the bytes hold no such model.
 */
export function modelFromBytes(
  bytes: Uint8Array,
  sourceName: string,
): { layers: readonly Layer[]; inputShape: Shape; state: ModelState } {
  const contents = decodeModel(bytes, sourceName);
  const { inputShape, normalization, classNames, tensors } = contents;
  const { layers, expected, output } = describedModel(contents, sourceName);
  checkTensors(tensors, expected, sourceName);
  if (shapeText(output) !== shapeText([classNames.length])) {
    throw new HeddleError(
      `${sourceName} describes no classifier: its layers give ${shapeText(output)}, ` +
        `and it names ${classNames.length} classes. Use another copy, or train again.`,
    );
  }
  return { layers, inputShape, state: { weights: tensors, normalization, classNames } };
}

/** The layers that a file describes, the tensors they need and the shape they give. */
function describedModel(
  { layers: configs, inputShape }: ModelContents,
  sourceName: string,
): { layers: readonly Layer[]; expected: ReturnType<typeof parameterShapes>; output: Shape } {
  try {
    const layers = configs.map((config) => layerFromConfig(config));
    const expected = parameterShapes(namedLayers(layers), inputShape);
    const output = layers.reduce((shape, layer) => layer.outputShape(shape), inputShape);
    return { layers, expected, output };
  } catch (cause) {
    if (!(cause instanceof HeddleError)) throw cause;
    throw new HeddleError(`${sourceName} describes no model that can be built. ${cause.message}`, { cause });
  }
}
