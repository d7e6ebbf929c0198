import { HeddleError } from "../errors.js";
import { layerFromConfig } from "../layers/from-config.js";
import type { Layer, LayerConfig, Shape } from "../layers/layer.js";
import { layerText } from "../layers/shape.js";
import { apply, input, type Value } from "../layers/value.js";
import { received } from "../options/received.js";
import { type Graph, graphOf, images } from "./graph.js";

/** What stands for the images among a node's inputs: no layer can be called so. */
const imagesName = "$images";

/** A layer's options and, where it isn't the node before alone, the names of the nodes that it reads. */
export interface NodeConfig extends LayerConfig {
  readonly inputs?: readonly string[];
}

/** A graph as JSON, node by node: of a chain, the list of its layers. */
export function graphConfig({ nodes }: Graph): NodeConfig[] {
  const nameOf = (index: number): string => (index === images ? imagesName : nodes[index].layer.name);
  return nodes.map(({ layer, inputs, index }): NodeConfig => {
    const config = layer.config();
    return inputs.length === 1 && inputs[0] === index - 1
      ? config
      : { ...config, inputs: inputs.map(nameOf) };
  });
}

/**
 * The graph that `graphConfig` described, or a list of layers from before there were graphs.
 *
 * @throws HeddleError on anything that describes no graph: a layer that can't be made, a node that reads one
 * that isn't there, itself or a later one, one that nobody reads.
 */
export function graphFromConfig(configs: readonly unknown[], inputShape: Shape): Graph {
  if (!Array.isArray(configs) || configs.length === 0)
    throw new HeddleError(`A model needs a list of at least one layer, but has ${received(configs)}.`);
  const entry = input(inputShape);
  const values = new Map<string, Value>([[imagesName, entry]]);
  const unread = new Map<string, Layer>();
  const later = new Set<unknown>(configs.map((config) => (config as { name?: unknown } | null)?.name));
  let before: Value = entry;
  let beforeName = imagesName;
  for (const config of configs) {
    const layer = layerFromConfig(config);
    if (layer.name === "" || values.has(layer.name))
      throw new HeddleError(
        `${layerText(layer)} ${layer.name === "" ? "has no name" : "is there twice"}: each layer of a model must have a name of its own.`,
      );
    const names = inputNames(layer, (config as NodeConfig).inputs, beforeName);
    const read = names.map((name) => {
      const value = values.get(name);
      if (value) return value;
      const why = later.has(name)
        ? "which comes later or is itself: a model has no cycles"
        : "which isn't there";
      throw new HeddleError(`${layerText(layer)} reads ${JSON.stringify(name)}, ${why}.`);
    });
    for (const name of names) unread.delete(name);
    before = apply(layer, layer.inputs === "one" ? single(layer, read) : read);
    beforeName = layer.name;
    values.set(beforeName, before);
    unread.set(beforeName, layer);
  }
  unread.delete(beforeName);
  for (const layer of unread.values())
    throw new HeddleError(
      `Nothing reads what ${layerText(layer)} gives: it would change no answer. Leave it out.`,
    );
  return graphOf(entry, before);
}

function inputNames(layer: Layer, given: unknown, before: string): readonly string[] {
  if (given === undefined) return [before];
  const isNames = Array.isArray(given) && given.length > 0 && given.every((name) => typeof name === "string");
  if (isNames) return given;
  throw new HeddleError(
    `${layerText(layer)} must have a list of names as its inputs, but has ${received(given)}.`,
  );
}

function single(layer: Layer, read: readonly Value[]): Value {
  if (read.length === 1) return read[0];
  throw new HeddleError(`${layerText(layer)} reads one input, but ${read.length} are named.`);
}
