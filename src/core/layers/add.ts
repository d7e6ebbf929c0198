import { HeddleError } from "../errors.js";
import { defineJoiningLayer, type NamedOptions } from "./define-layer.js";
import { checkJoined, layerText, shapeText } from "./shape.js";

/** What `add` takes. */
export type AddOptions = NamedOptions;

export const addType = defineJoiningLayer({
  type: "add",
  meaning: "the sum of two or more inputs of one shape, value by value",
  example: "add()([a, b])",
  options: {},
  outputShape: (layer, inputs) => {
    checkJoined(layer, inputs);
    const [first] = inputs;
    for (const input of inputs) {
      if (shapeText(input) !== shapeText(first))
        throw new HeddleError(
          `${layerText(layer)} adds inputs of one shape, but got ${inputs.map(shapeText).join(" and ")}. ` +
            "Bring them to one shape, as with a convolution of kernelSize 1 and the same strides.",
        );
    }
    return first;
  },
});

/** The layer that `add` makes. */
export interface Add extends ReturnType<typeof addType.make> {}

/**
 * The sum of two or more inputs of one shape, value by value: y = a + b + …, what residual networks (He et al. 2016)
 * join their branches by.
 *
 * @example add()([f(x), x])
 * @throws UsageError on an option that is unknown, missing or out of bounds.
 */
export function add(options: AddOptions = {}): Add {
  return addType.make(options);
}
