import { HeddleError } from "../errors.js";
import { defineJoiningLayer, type NamedOptions } from "./define-layer.js";
import type { Shape } from "./layer.js";
import { checkJoined, layerText, shapeSize, shapeText } from "./shape.js";

/** What `multiply` takes. */
export type MultiplyOptions = NamedOptions;

export const multiplyType = defineJoiningLayer({
  type: "multiply",
  meaning: "the product of two or more inputs of one shape, or with one number a channel beside it",
  example: "multiply()([a, b])",
  options: {},
  outputShape: (layer, inputs) => {
    checkJoined(layer, inputs);
    const whole = wholeOf(inputs);
    for (const input of inputs) {
      if (shapeText(input) === shapeText(whole) || isPerChannel(input, whole)) continue;
      throw new HeddleError(
        `${layerText(layer)} multiplies inputs of one shape, or with one number a channel beside it, but got ` +
          `${inputs.map(shapeText).join(" and ")}. Bring them to one shape, or to [${whole[whole.length - 1]}].`,
      );
    }
    return whole;
  },
});

/** Of two inputs or more the largest, the first of equals, which the others are as large as or spread over. */
export const wholeOf = (inputs: readonly Shape[]): Shape =>
  inputs.reduce((whole, input) => (shapeSize(input) > shapeSize(whole) ? input : whole));

/** Whether an input has one number for each channel of the other: [C] or [1, 1, C] beside [H, W, C]. */
export const isPerChannel = (input: Shape, whole: Shape): boolean =>
  input[input.length - 1] === whole[whole.length - 1] && shapeSize(input) === input[input.length - 1];

/** The layer that `multiply` makes. */
export interface Multiply extends ReturnType<typeof multiplyType.make> {}

/**
 * The product of two or more inputs, value by value: y = a · b · …, of one shape, or with one number a channel beside it,
 * [C] or [1, 1, C] with [H, W, C]: y[n, i, j, c] = a[n, i, j, c] · b[n, c]. Squeeze-and-excitation (Hu et al. 2018)
 * weighs channels so: `multiply()([x, gate(globalAveragePool2d()(x))])`.
 *
 * @example multiply()([x, gate])
 * @throws UsageError on an option that is unknown.
 */
export function multiply(options: MultiplyOptions = {}): Multiply {
  return multiplyType.make(options);
}
