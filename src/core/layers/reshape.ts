import { HeddleError } from "../errors.js";
import { type OptionTable, shape } from "../options/index.js";
import { defineLayer, type NamedOptions, type OwnOptions } from "./define-layer.js";
import type { Shape } from "./layer.js";
import { checkInput, layerText, shapeSize, shapeText } from "./shape.js";

/** What `reshape` takes. */
export interface ReshapeOptions extends NamedOptions {
  /** The new sizes, without the batch axis. */
  readonly targetShape: Shape;
}

const options = {
  targetShape: { meaning: "the new sizes, without the batch axis", kind: shape() },
} as const satisfies OptionTable<OwnOptions<ReshapeOptions>>;

export const reshapeType = defineLayer({
  type: "reshape",
  meaning: "the same values in the same order under other axes",
  example: "reshape({ targetShape: [28, 28] })",
  options,
  outputShape: (layer, [input]) => {
    checkInput(layer, input);
    const { targetShape } = layer.options;
    if (shapeSize(input) !== shapeSize(targetShape)) {
      throw new HeddleError(
        `${layerText(layer)} makes ${shapeText(targetShape)} of ${shapeSize(targetShape)} values, ` +
          `but got ${shapeText(input)} of ${shapeSize(input)}. Give a targetShape of as many values.`,
      );
    }
    return targetShape;
  },
});

/** The layer that `reshape` makes. */
export interface Reshape extends ReturnType<typeof reshapeType.make> {}

/**
 * The same values in the same row-major order under other axes, e.g. an image as a sequence of its rows.
 *
 * @example reshape({ targetShape: [28, 28] })
 * @throws UsageError on an option that is unknown, missing or out of bounds.
 */
export function reshape(options: ReshapeOptions): Reshape {
  return reshapeType.make(options);
}
