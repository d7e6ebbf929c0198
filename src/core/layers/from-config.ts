import { HeddleError } from "../errors.js";
import { quoted, received } from "../options/index.js";
import type { Layer } from "./layer.js";
import { layerRegistry, layerTypes } from "./registry.js";

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
    const got = typeof named === "string" ? quoted(named) : received(named);
    throw new HeddleError(`A layer's type must be one of ${layerTypes.join(", ")}, but is ${got}.`);
  }
  try {
    return layerRegistry[type].make(config);
  } catch (error) {
    if (!(error instanceof HeddleError)) throw error;
    throw new HeddleError(`This describes no layer that can be made. ${error.message}`, {
      cause: error,
    });
  }
}
