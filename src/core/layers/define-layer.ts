import { isRecord } from "../formats/json.js";
import { type AnyOptionTable, flag, type ResolvedOptions, resolveOptions, text } from "../options/index.js";
import type { JoiningLayer, Layer, LayerConfig, OneInputLayer, Shape, TensorSpec } from "./layer.js";
import { apply } from "./value.js";

/** What every layer's options have. */
export interface NamedOptions {
  /** Unique in its model, of letters, digits, _ and - (default: its type and a number, `conv2d_1`). */
  readonly name?: string | undefined;
}

/** What the options of every layer with tensors have. */
export interface TrainableOptions extends NamedOptions {
  /** False keeps its tensors as they are in training (default true). */
  readonly trainable?: boolean | undefined;
}

/** The part of a layer's options that is its own. */
export type OwnOptions<Options extends NamedOptions> = Omit<Options, "name" | "trainable">;

/** A layer as its definition's functions see it. */
export interface DefinedLayer<Options> {
  readonly type: string;
  readonly name: string;
  readonly options: Options;
}

/** What people read of a type of layer. */
export interface LayerWords {
  /** In a line, without its full stop. */
  readonly meaning: string;
  /** A call that makes one. */
  readonly example: string;
}

/** Everything that says what a type of layer is. */
export interface LayerDefinition<Type extends string, Table extends AnyOptionTable, Options extends object>
  extends LayerWords {
  readonly type: Type;
  /** Its own options, each with meaning, default and bounds. */
  readonly options: Table;
  /** Fills in defaults that depend on other options. */
  complete?(options: ResolvedOptions<Table>): Options;
  /** @throws HeddleError when the layer can't take such inputs. */
  outputShape(layer: DefinedLayer<Options>, inputs: readonly Shape[]): Shape;
  /** Its tensors, where layers of this type have any. */
  tensors?(layer: DefinedLayer<Options>, inputs: readonly Shape[]): readonly TensorSpec[];
  /** Multiply-adds of weights with activations in one sample's forward pass (default none). */
  multiplyAdds?(layer: DefinedLayer<Options>, inputs: readonly Shape[]): number;
}

/** Makes layers of one type from options that anyone may have written. */
export interface LayerType<Made extends Layer = Layer> {
  readonly words: LayerWords;
  /** All its options, those that every layer has among them. */
  readonly options: AnyOptionTable;
  /** @throws UsageError on an option that is unknown, missing or out of bounds. */
  make(options: unknown): Made;
}

const made = new WeakSet<object>();

/** Whether a value is a layer that a definition made. */
export const isLayer = (value: unknown): value is Layer => typeof value === "function" && made.has(value);

/** A type of layer that reads one input. */
export function defineLayer<
  const Type extends string,
  const Table extends AnyOptionTable,
  Options extends object = ResolvedOptions<Table>,
>(definition: LayerDefinition<Type, Table, Options>): LayerType<OneInputLayer<Type, Options>> {
  return {
    words: definition,
    options: layerOptions(definition),
    make: (options) => makeLayer(definition, "one", options) as OneInputLayer<Type, Options>,
  };
}

/** A type of layer that joins several inputs. */
export function defineJoiningLayer<
  const Type extends string,
  const Table extends AnyOptionTable,
  Options extends object = ResolvedOptions<Table>,
>(definition: LayerDefinition<Type, Table, Options>): LayerType<JoiningLayer<Type, Options>> {
  return {
    words: definition,
    options: layerOptions(definition),
    make: (options) => makeLayer(definition, "several", options) as JoiningLayer<Type, Options>,
  };
}

const nameOption = {
  name: {
    meaning: "unique in its model",
    kind: text(/^[A-Za-z0-9_-]*$/, "made of letters, digits, _ and -"),
    otherwise: "its type and a number, as in conv2d_1",
  },
} as const;

const trainableOption = {
  trainable: { meaning: "whether training moves its tensors", kind: flag(), default: true },
} as const;

/** All options of a type of layer, those that every layer has among them. */
function layerOptions<Type extends string, Table extends AnyOptionTable, Options extends object>({
  options,
  tensors,
}: LayerDefinition<Type, Table, Options>): AnyOptionTable {
  return { ...options, ...nameOption, ...(tensors && trainableOption) };
}

/** Options that nobody changes, lists and records in them too: copies, since those were the caller's. */
function frozen(options: object): object {
  const held = Object.entries(options).map(([name, value]): readonly [string, unknown] => {
    if (Array.isArray(value)) return [name, Object.freeze([...value])];
    return [name, isRecord(value) ? Object.freeze({ ...value }) : value];
  });
  return Object.freeze(Object.fromEntries(held));
}

function makeLayer<Type extends string, Table extends AnyOptionTable, Options extends object>(
  definition: LayerDefinition<Type, Table, Options>,
  inputs: Layer["inputs"],
  given: unknown,
): Layer<Type, Options> {
  const { type, example } = definition;
  const ignored = ["type", "inputs"];
  const resolvedAll = resolveOptions(type, given, layerOptions(definition), { ignored, example });
  const { name = "", trainable, ...own } = resolvedAll as { name?: string; trainable?: boolean };
  const resolved = own as unknown as ResolvedOptions<Table>;
  const options = frozen(definition.complete?.(resolved) ?? resolved) as Options;
  const described = { type, name, options };
  // What stands at its default is not written: files from before layers could be frozen read alike.
  const still = trainable === false ? { trainable } : {};
  const facts = {
    type,
    name,
    options,
    inputs,
    trainable: trainable !== false,
    outputShape: (...shapes: readonly Shape[]) => definition.outputShape(described, shapes),
    tensors: (...shapes: readonly Shape[]) => {
      const specs = definition.tensors?.(described, shapes) ?? [];
      return trainable === false ? specs.map(({ running: _, ...spec }) => ({ ...spec, kept: true })) : specs;
    },
    multiplyAdds: (...shapes: readonly Shape[]) => definition.multiplyAdds?.(described, shapes) ?? 0,
    withName: (other: string) => makeLayer(definition, inputs, { ...options, ...still, name: other }),
    config: (): LayerConfig => ({ type, name, ...options, ...still }),
  };
  const layer = (values: unknown): unknown => apply(layer as unknown as Layer, values);
  for (const [key, value] of Object.entries(facts))
    Object.defineProperty(layer, key, { value, enumerable: true });
  made.add(layer);
  return Object.freeze(layer) as unknown as Layer<Type, Options>;
}
