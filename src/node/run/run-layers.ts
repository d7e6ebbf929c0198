import type { Layer, Shape } from "../../core/layers/layer.js";
import { modelDefinitions } from "../../core/models/index.js";
import type { RunConfig } from "./run-config.js";

/**
 * The layers that a run trains: its model's, without those of dropout where it leaves them out.
 *
 * @param inputShape [H, W, C] of the images
 */
export function runLayers(
  { model, dropout }: Pick<RunConfig, "model" | "dropout">,
  inputShape: Shape,
  classes: number,
): Layer[] {
  const layers = modelDefinitions[model].layers(inputShape, classes);
  return dropout ? layers : layers.filter(({ type }) => type !== "dropout");
}
