import { HeddleError, UsageError } from "../errors.js";
import { isLayer } from "../layers/define-layer.js";
import type { Layer, Shape, TensorSpec } from "../layers/layer.js";
import { checkShape, layerText, shapeSize, shapeText } from "../layers/shape.js";
import { apply, input, type SourcedValue, sourceOf, type Value } from "../layers/value.js";
import { received } from "../options/received.js";
import { uniqueNames } from "./naming.js";

/** What stands for the images among the nodes that a node reads. */
export const images = -1;

/** One layer in its place. */
export interface GraphNode {
  /** Its place in `Graph.nodes`: behind all that it reads. */
  readonly index: number;
  /** With a name that no other has. */
  readonly layer: Layer;
  /** The nodes that it reads, in order, or `images`. */
  readonly inputs: readonly number[];
  /** Of what it reads, in that order, without the batch axis. */
  readonly inputShapes: readonly Shape[];
  /** Of what it gives, without the batch axis. */
  readonly shape: Shape;
  /** Its tensors, under their full names: `C1.kernel`. */
  readonly tensors: readonly TensorSpec[];
  /** The nodes that read it, one entry for each time that they do. */
  readonly readers: readonly number[];
}

/** A model's layers with who reads whom: one input, the images, and one output, the last node. */
export interface Graph {
  /** [H, W, C] of the images. */
  readonly inputShape: Shape;
  /** Each behind all that it reads. */
  readonly nodes: readonly GraphNode[];
  /** The nodes that read the images, one entry for each time that they do. */
  readonly imageReaders: readonly number[];
  /** [classes] of a classifier. */
  readonly outputShape: Shape;
}

/**
 * The graph between the images and what comes of them. Nodes are in the order of a walk from the output to the
 * images, each behind its inputs: of a chain, the chain's own.
 *
 * @throws UsageError on values of another model, a second input, a layer with tensors in two places, or two
 * layers of one name.
 */
export function graphOf(from: Value, to: Value): Graph {
  const entry = sourceOf(from, "A model's input");
  const output = outputOf(to);
  if (entry.layer)
    throw new UsageError(
      `A model's input must be what input(…) gave, but is what ${layerText(entry.layer)} gives. Begin the model where its images enter.`,
    );
  const order = inOrder(output);
  const entries = order.filter(({ layer }) => !layer);
  if (!entries.includes(entry) || output === entry)
    throw new UsageError(
      "A model's output must come of its input: no layer leads from one to the other. Call the first layers with the model's own input.",
    );
  if (entries.length > 1)
    throw new UsageError(
      `A model has one input, but its output comes of ${entries.length}: some of its layers were called with another model's values. Use one input(…) for all.`,
    );
  const places = order.filter(({ layer }) => layer);
  refuseSharing(places);
  const names = uniqueNames(places.map(({ layer }) => layer!));
  const indexOf = new Map<SourcedValue, number>(places.map((place, index) => [place, index]));
  indexOf.set(entry, images);
  const inputs = places.map((place) => place.inputs.map((each) => indexOf.get(each)!));
  const readers = new Map<number, number[]>([images, ...places.keys()].map((index) => [index, []]));
  inputs.forEach((read, reader) => {
    for (const index of read) readers.get(index)!.push(reader);
  });
  const nodes = places.map(({ layer, shape, inputs: read }, index): GraphNode => {
    const named = layer!.name === names[index] ? layer! : layer!.withName(names[index]);
    const inputShapes = read.map((each) => each.shape);
    const tensors = named
      .tensors(...inputShapes)
      .map((spec) => ({ ...spec, name: `${named.name}.${spec.name}` }));
    return {
      index,
      layer: named,
      inputs: inputs[index],
      inputShapes,
      shape,
      tensors,
      readers: readers.get(index)!,
    };
  });
  const imageReaders = readers.get(images)!;
  const graph: Graph = { inputShape: entry.shape, nodes, imageReaders, outputShape: output.shape };
  made.add(graph);
  return graph;
}

const made = new WeakSet<object>();

/** Whether something is a graph that was made here: nothing else is known to hold together. */
export const isGraph = (value: unknown): value is Graph =>
  typeof value === "object" && value !== null && made.has(value);

/** @param place says who takes it @throws UsageError on anything else */
export function checkGraph(place: string, value: unknown): Graph {
  if (isGraph(value)) return value;
  throw new UsageError(
    `${place} takes a graph, as model.graph, graphFromConfig or chainOf give one, but got ${received(value)}.`,
  );
}

/**
 * The graph of layers that follow each other.
 *
 * @param inputShape [H, W, C] of the images
 * @throws UsageError on what is no list of layers. @throws HeddleError on a layer that can't take what comes.
 */
export function chainOf(layers: readonly Layer[], inputShape: Shape): Graph {
  if (!Array.isArray(layers) || layers.length === 0)
    throw new UsageError(
      `A model takes a list of layers, such as [flatten(), dense({ units: 10 })], but got ${received(layers)}.`,
    );
  // A copy has no holes, which forEach would pass over.
  [...layers].forEach((layer, index) => {
    if (!isLayer(layer)) throw notALayer(layer, index);
    if (layer.inputs !== "one")
      throw new UsageError(
        `${layerText(layer)} joins several inputs, which a list of layers can't give it. Put the model together with input(…) and model(…).`,
      );
  });
  const entry = input(checkShape("inputShape", inputShape));
  // The names come first, so that what doesn't fit is called by its own.
  const names = uniqueNames(layers);
  const named = layers.map((layer, index) => (layer.name === "" ? layer.withName(names[index]) : layer));
  const values: Value[] = [entry];
  for (const layer of named) values.push(apply(layer, values[values.length - 1]));
  // Names are given to copies, which would hide that a layer stands there twice.
  refuseSharing(layers.map((layer, index) => ({ layer, inputs: [values[index]] })));
  return graphOf(entry, values[values.length - 1]);
}

function outputOf(to: unknown): SourcedValue {
  if (Array.isArray(to))
    throw new UsageError(
      `A model has one output, but got a list of ${to.length}. Give the value with one logit a class.`,
    );
  return sourceOf(to, "A model's output");
}

/** What leads to a value, itself last: each behind its inputs. A walk by hand, since graphs may be deep. */
function inOrder(output: SourcedValue): SourcedValue[] {
  const order: SourcedValue[] = [];
  const seen = new Set<SourcedValue>();
  const path: { readonly value: SourcedValue; next: number }[] = [{ value: output, next: 0 }];
  seen.add(output);
  while (path.length > 0) {
    const top = path[path.length - 1];
    const next = top.value.inputs[top.next++];
    if (next === undefined) {
      order.push(top.value);
      path.pop();
    } else if (!seen.has(next)) {
      seen.add(next);
      path.push({ value: next, next: 0 });
    }
  }
  return order;
}

function refuseSharing(
  places: readonly { readonly layer?: Layer | undefined; readonly inputs: readonly Pick<Value, "shape">[] }[],
): void {
  const seen = new Set<Layer>();
  for (const { layer, inputs } of places) {
    if (!layer) continue;
    const hasTensors = layer.tensors(...inputs.map(({ shape }) => shape)).length > 0;
    if (seen.has(layer) && hasTensors)
      throw new UsageError(
        `${layerText(layer)} stands in two places of one model; weights aren't shared between places. Make a layer for each.`,
      );
    seen.add(layer);
  }
}

function notALayer(value: unknown, index: number): UsageError {
  const got =
    typeof value === "function"
      ? `the function ${value.name || "without a name"}; call it, as in ${value.name || "flatten"}()`
      : `${received(value)}; use a layer such as dense({ units: 10 })`;
  return new UsageError(`Layer ${index + 1} of the list is ${got}.`);
}

/** How many numbers an optimizer moves. */
export function trainedNumbers({ tensors }: Pick<GraphNode, "tensors">): number {
  return tensors.filter(({ kept }) => !kept).reduce((sum, { shape }) => sum + shapeSize(shape), 0);
}

/** All tensors of a model in the order of its nodes, by their full names. */
export const tensorsOf = ({ nodes }: Graph): readonly TensorSpec[] => nodes.flatMap(({ tensors }) => tensors);

/** @throws HeddleError unless a graph gives one number for each of two or more classes. */
export function classesOf({ outputShape, nodes }: Graph): number {
  if (outputShape.length === 1 && outputShape[0] >= 2) return outputShape[0];
  const last = nodes[nodes.length - 1].layer;
  throw new HeddleError(
    `The last layer, ${layerText(last)}, gives ${shapeText(outputShape)}; a classifier ends in one number for each of ` +
      "its two or more classes, [classes]. End with flatten() and dense({ units: classes }).",
  );
}
