import { HeddleError } from "../errors.js";
import { defineJoiningLayer, type NamedOptions } from "./define-layer.js";
import { checkJoined, layerText, shapeText } from "./shape.js";

/** What `concatenate` takes. */
export type ConcatenateOptions = NamedOptions;

export const concatenateType = defineJoiningLayer({
  type: "concatenate",
  meaning: "two or more inputs one behind the other along the last axis",
  example: "concatenate()([a, b])",
  options: {},
  outputShape: (layer, inputs) => {
    checkJoined(layer, inputs);
    const [first] = inputs;
    for (const input of inputs) {
      if (shapeText(input.slice(0, -1)) !== shapeText(first.slice(0, -1)))
        throw new HeddleError(
          `${layerText(layer)} joins inputs that differ in the last axis alone, but got ` +
            `${inputs.map(shapeText).join(" and ")}. Bring them to one size, as with a pool.`,
        );
    }
    const channels = inputs.reduce((sum, input) => sum + input[input.length - 1], 0);
    return [...first.slice(0, -1), channels];
  },
});

/** The layer that `concatenate` makes. */
export interface Concatenate extends ReturnType<typeof concatenateType.make> {}

/**
 * Two or more inputs one behind the other along the last axis: [N, H, W, A] and [N, H, W, B] → [N, H, W, A + B], in the
 * order of the list; what dense networks (Huang et al. 2017) and Inception's branches are joined by.
 *
 * @example concatenate()([a, b])
 * @throws UsageError on an option that is unknown.
 */
export function concatenate(options: ConcatenateOptions = {}): Concatenate {
  return concatenateType.make(options);
}
