import { HeddleError } from "../errors.js";
import { Activation } from "./activation.js";
import { AveragePool2d } from "./averagePool2d.js";
import { Bilstm } from "./bilstm.js";
import { Conv2d } from "./conv2d.js";
import { Dense } from "./dense.js";
import { Dropout } from "./dropout.js";
import { Flatten } from "./flatten.js";
import type { Layer, LayerType } from "./layer.js";
import { Lstm } from "./lstm.js";
import { MaxPool2d } from "./maxPool2d.js";
import { received } from "./options.js";
import { Reshape } from "./reshape.js";

/** `never`: every constructor checks its options itself, so that a file's content can be handed to it. */
const constructors: Readonly<Record<LayerType, new (options: never) => Layer>> = {
  conv2d: Conv2d,
  maxPool2d: MaxPool2d,
  averagePool2d: AveragePool2d,
  dense: Dense,
  flatten: Flatten,
  reshape: Reshape,
  dropout: Dropout,
  activation: Activation,
  lstm: Lstm,
  bilstm: Bilstm,
};

/** Every type a layer list may name. */
export const layerTypes = Object.keys(constructors) as readonly LayerType[];

/**
 * Makes a layer again from what its `config()` gave, e.g. read from a file. Options left out mean their
 * defaults.
 * @throws HeddleError on anything that describes no layer
 */
export function layerFromConfig(config: unknown): Layer {
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new HeddleError(`A layer must be an object with a type and options, but is ${received(config)}.`);
  }
  const named = (config as { readonly type?: unknown }).type;
  const type = layerTypes.find((known) => known === named);
  if (type === undefined) {
    throw new HeddleError(
      `A layer's type must be one of ${layerTypes.join(", ")}, but is ${received(named)}.`,
    );
  }
  try {
    return new constructors[type](config as never);
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    throw new HeddleError(`The layer list describes no layer that can be made. ${error.message}`, {
      cause: error,
    });
  }
}
