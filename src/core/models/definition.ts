import { classesKind } from "../data/labels.js";
import { UsageError } from "../errors.js";
import { chainOf, type Graph, withoutLayers } from "../graph/index.js";
import { type Dropout, dropout } from "../layers/dropout.js";
import type { Layer, Shape } from "../layers/layer.js";
import { shapeText } from "../layers/shape.js";
import { checkValue, shape } from "../options/index.js";

/** A model by name: for images of any shape that it can take and any number of classes, its graph. */
export interface ModelDefinition {
  readonly name: string;
  /** As a heading: `Proposed CNN`. */
  readonly title: string;
  /** Where it comes from, and why it is built so where its source leaves it open. */
  readonly why: string;
  /**
   * The layers and who reads whom, every layer named; the last gives the logits [classes].
   * @param inputShape [H, W, C] of the images
   * @throws UsageError on another shape, images that are too small, or what is no number of classes.
   */
  graph(inputShape: Shape, classes: number): Graph;
}

/** A model by name whose layers follow each other. */
export interface ChainDefinition extends ModelDefinition {
  /**
   * The layers of its graph as a list.
   * @param inputShape [H, W, C] of the images
   * @throws UsageError on another shape, or what is no number of classes.
   */
  layers(inputShape: Shape, classes: number): Layer[];
}

const imageShape = shape(["height", "width", "channels"]);

const checked =
  <Result>(name: string, make: (inputShape: Shape, classes: number) => Result): typeof make =>
  (inputShape, classes) =>
    make(
      checkValue(name, "inputShape", inputShape, imageShape),
      checkValue(name, "classes", classes, classesKind),
    );

/** The model that a list of layers makes, its arguments checked before they reach a layer. */
export function chainDefinition(definition: Omit<ChainDefinition, "graph">): ChainDefinition {
  const layers = checked(definition.name, definition.layers);
  return {
    ...definition,
    layers,
    graph: (inputShape, classes) => chainOf(layers(inputShape, classes), inputShape),
  };
}

/** The model that a function makes as a graph, its arguments checked before they reach a layer. */
export function graphDefinition(definition: ModelDefinition): ModelDefinition {
  return { ...definition, graph: checked(definition.name, definition.graph) };
}

/** @param why what asks for this size @throws UsageError on images that are smaller, named by the smallest */
export function checkSmallest(name: string, inputShape: Shape, smallest: number, why: string): void {
  const [height, width, channels] = inputShape;
  if (height >= smallest && width >= smallest) return;
  throw new UsageError(
    `${name}: inputShape must be [${smallest}, ${smallest}, ${channels}] or larger, since ${why}, but is ${shapeText(inputShape)}.`,
  );
}

/**
 * Of a network made for large images that strides and pools halve five times, upwards where sizes are odd: the smallest
 * images of which the last halving finds more than a pixel to halve, and why.
 */
export const fiveHalvings = [
  17,
  "its strides halve images five times, the last time from two pixels to one",
] as const;

/** The same model without its dropout layers, in its list too where it has one: who reads one reads what it read. */
export function withoutDropout<Definition extends Pick<ModelDefinition, "graph"> & Partial<ChainDefinition>>(
  definition: Definition,
): Definition {
  const { layers: list } = definition;
  const graph: ModelDefinition["graph"] = (inputShape, classes) =>
    withoutLayers(definition.graph(inputShape, classes), "dropout");
  if (!list) return { ...definition, graph };
  const layers: ChainDefinition["layers"] = (inputShape, classes) =>
    list.call(definition, inputShape, classes).filter(({ type }) => type !== "dropout");
  return { ...definition, layers, graph };
}

/** The same list with every dropout layer's rate times `share`, 0 … 1: all layers stay. */
export function withDropout(definition: ChainDefinition, share: number): ChainDefinition {
  return chainDefinition({
    ...definition,
    layers: (inputShape, classes) =>
      definition
        .layers(inputShape, classes)
        .map((layer) =>
          isDropout(layer)
            ? dropout({ ...layer.options, name: layer.name, rate: share * layer.options.rate })
            : layer,
        ),
  });
}

const isDropout = (layer: Layer): layer is Dropout => layer.type === "dropout";
