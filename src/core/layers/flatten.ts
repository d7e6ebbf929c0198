import { defineLayer, type NamedOptions } from "./define-layer.js";
import { checkInput, shapeSize } from "./shape.js";

/** What `flatten` takes. */
export type FlattenOptions = NamedOptions;

export const flattenType = defineLayer({
  type: "flatten",
  meaning: "all values on one axis: [H, W, C] → [H · W · C]",
  example: "flatten()",
  options: {},
  outputShape: (layer, [input]) => {
    checkInput(layer, input);
    return [shapeSize(input)];
  },
});

/** The layer that `flatten` makes. */
export interface Flatten extends ReturnType<typeof flattenType.make> {}

/**
 * One axis of all values, in row-major order: [N, H, W, C] → [N, H·W·C]; between the last image layer and the
 * first dense one.
 *
 * @throws UsageError on an option that is unknown, missing or out of bounds.
 */
export function flatten(options: FlattenOptions = {}): Flatten {
  return flattenType.make(options);
}
