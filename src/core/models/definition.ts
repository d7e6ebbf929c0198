import { classesKind } from "../data/labels.js";
import type { Layer, Shape } from "../layers/layer.js";
import { checkValue, shape } from "../options/index.js";

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
   * @throws UsageError on another shape, or what is no number of classes.
   */
  layers(inputShape: Shape, classes: number): Layer[];
}

const imageShape = shape(["height", "width", "channels"]);

/** The same model, its arguments checked before they reach a layer. */
export function checkedModel(definition: ModelDefinition): ModelDefinition {
  const { name } = definition;
  return {
    ...definition,
    layers: (inputShape, classes) =>
      definition.layers(
        checkValue(name, "inputShape", inputShape, imageShape),
        checkValue(name, "classes", classes, classesKind),
      ),
  };
}

/** The same model without its dropout layers. */
export function withoutDropout(definition: ModelDefinition): ModelDefinition {
  return {
    ...definition,
    layers: (inputShape, classes) =>
      definition.layers(inputShape, classes).filter(({ type }) => type !== "dropout"),
  };
}
