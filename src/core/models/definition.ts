import type { Layer, Shape } from "../layers/layer.js";

/** A model by name: for images of any shape and any number of classes, its list of layers. */
export interface ModelDefinition {
  readonly name: string;
  /** As a heading: `Proposed CNN`. */
  readonly title: string;
  /** Why it is built so where the paper leaves it open. */
  readonly why: string;
  /**
   * The layers, every one named; the last gives the logits [classes].
   * @param inputShape [H, W, C] of the images
   */
  layers(inputShape: Shape, classes: number): Layer[];
}
