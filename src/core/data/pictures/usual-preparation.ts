import { HeddleError } from "../../errors.js";
import type { Shape } from "../../layers/layer.js";
import { shapeText } from "../../layers/shape.js";
import { isPreparation, type PicturePreparation } from "../picture-preparation.js";

/**
 * How pictures become a model's images: as the model says, or where it was not trained on pictures, all of the picture
 * over white.
 *
 * @throws HeddleError where its images are neither grey nor red, green and blue
 */
export function preparationFor(model: {
  readonly inputShape: Shape;
  readonly preparation?: PicturePreparation;
}): PicturePreparation {
  const { preparation, inputShape } = model;
  if (preparation) return preparation;
  const [height, width, channels] = inputShape;
  const usual: unknown = { size: [height, width], channels, resize: "fit", background: 255 };
  if (isPreparation(usual, inputShape)) return usual;
  throw new HeddleError(
    `The model takes images of ${shapeText(inputShape)}, which no picture becomes: expected 1 channel (grey) or 3 (red, green and blue). Prepare its images yourself and give them to classifyImages.`,
  );
}
