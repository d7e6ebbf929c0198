import { type OptionTable, resolveOptions } from "../options/index.js";
import type { JoiningLayer, Layer, LayerConfig, OneInputLayer, Shape, TensorSpec } from "./layer.js";
import { flag, layerName } from "./options.js";
import { apply } from "./value.js";

/** A layer's own kinds of option beside those that every layer has. */
export interface NamedOptions {
  /** Unique in its model; made of letters, digits, _ and - (default: its type and a number). */
  readonly name?: string;
}

/** Options of a layer with tensors. */
export interface TrainableOptions extends NamedOptions {
  /** False keeps its tensors as they are in training (default true). */
  readonly trainable?: boolean;
}

/** What a layer's equations need to know of it. */
export interface DefinedLayer<Options> {
  readonly type: string;
  readonly name: string;
  readonly options: Options;
}

/** Everything that says what a type of layer is. */
export interface LayerDefinition<Type extends string, Given extends object, Options extends object> {
  readonly type: Type;
  /** Whether it reads one input (default) or joins several. */
  readonly inputs?: "one" | "several";
  /** Its options, each with meaning, default and bounds. */
  readonly options: OptionTable<Given, Options>;
  /** @throws HeddleError when the layer can't take such inputs. */
  outputShape(layer: DefinedLayer<Options>, inputs: readonly Shape[]): Shape;
  /** Its tensors, where it has any. */
  tensors?(options: Options, inputs: readonly Shape[]): readonly TensorSpec[];
  /** Multiply-adds of weights with activations in one sample's forward pass (default none). */
  multiplyAdds?(layer: DefinedLayer<Options>, inputs: readonly Shape[]): number;
}

const made = new WeakSet<object>();

/** Whether a value is a layer that a factory made. */
export const isLayer = (value: unknown): value is Layer => typeof value === "function" && made.has(value);

/**
 * The factory of a type of layer that reads one input.
 *
 * @throws UsageError, from the factory, on an option that is unknown, missing or out of bounds.
 */
export function defineLayer<Type extends string, Given extends object, Options extends object>(
  definition: LayerDefinition<Type, Given, Options>,
): (given: unknown) => OneInputLayer<Type, Options> {
  return (given) => make(definition, given) as OneInputLayer<Type, Options>;
}

/** As `defineLayer`, for layers that join several inputs. */
export function defineJoiningLayer<Type extends string, Given extends object, Options extends object>(
  definition: LayerDefinition<Type, Given, Options>,
): (given: unknown) => JoiningLayer<Type, Options> {
  return (given) => make({ ...definition, inputs: "several" }, given) as JoiningLayer<Type, Options>;
}

function make<Type extends string, Given extends object, Options extends object>(
  definition: LayerDefinition<Type, Given, Options>,
  given: unknown,
): Layer<Type, Options> {
  const { type } = definition;
  const trainableOption = definition.tensors ? { trainable: flag("Whether training moves its tensors", true) } : {};
  const table = { name: layerName, ...trainableOption, ...definition.options };
  const { name, trainable = true, ...own } = resolveOptions(type, given, table as OptionTable<object, object>, [
    "type",
    "inputs",
  ]) as { name: string; trainable?: boolean };
  const options = Object.freeze(own) as Options;
  const described = { type, name, options };
  const facts: Omit<Layer<Type, Options>, "withName"> & { withName(name: string): Layer<Type, Options> } = {
    type,
    name,
    options,
    trainable,
    inputs: definition.inputs ?? "one",
    outputShape: (...inputs) => definition.outputShape(described, inputs),
    tensors: (...inputs) => {
      const specs = definition.tensors?.(options, inputs) ?? [];
      return trainable ? specs : specs.map((spec) => ({ ...spec, kept: true }));
    },
    multiplyAdds: (...inputs) => definition.multiplyAdds?.(described, inputs) ?? 0,
    withName: (other) => make(definition, { ...own, ...(trainable ? {} : { trainable }), name: other }),
    config: (): LayerConfig => ({ type, name, ...own, ...(trainable ? {} : { trainable }) }),
  };
  const layer = (inputs: unknown): unknown => apply(layer as unknown as Layer, inputs);
  for (const [key, value] of Object.entries(facts))
    Object.defineProperty(layer, key, { value, enumerable: true });
  made.add(layer);
  return Object.freeze(layer) as unknown as Layer<Type, Options>;
}
