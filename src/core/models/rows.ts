import { HeddleError } from "../errors.js";
import type { Shape } from "../layers/layer.js";
import { type Reshape, reshape } from "../layers/reshape.js";
import { shapeText } from "../layers/shape.js";

/**
 * Reads an image [H, W, C] from top to bottom as a sequence [H, W·C] of its rows.
 * @throws HeddleError where the shape is no image's
 */
export function imageRows(inputShape: Shape): Reshape {
  if (inputShape.length !== 3) {
    throw new HeddleError(`This model reads images [H, W, C], but got ${shapeText(inputShape)}.`);
  }
  const [height, width, channels] = inputShape;
  return reshape({ name: "rows", targetShape: [height, width * channels] });
}
