import { choice, type OptionTable } from "../options/index.js";
import { defineLayer, type NamedOptions, type OwnOptions } from "./define-layer.js";
import type { ActivationName } from "./layer.js";
import { checkInput } from "./shape.js";

/** Every activation, by the name that options take. */
export const activationNames = ["linear", "relu", "tanh", "sigmoid"] as const satisfies ActivationName[];

/** What `activation` takes. */
export interface ActivationOptions extends NamedOptions {
  /** Which one. */
  readonly function: ActivationName;
}

const options = {
  function: { meaning: "the function", kind: choice(activationNames) },
} as const satisfies OptionTable<OwnOptions<ActivationOptions>>;

export const activationType = defineLayer({
  type: "activation",
  meaning: "a function of each value alone",
  example: 'activation("relu")',
  options,
  outputShape: (layer, [input]) => {
    checkInput(layer, input);
    return input;
  },
});

/** The layer that `activation` makes. */
export type Activation = ReturnType<typeof activation>;

/**
 * A function of each value alone: relu max(x, 0), tanh, sigmoid 1 / (1 + e^(−x)), linear x.
 *
 * @example activation("relu")
 * @throws UsageError on an option that is unknown, missing or out of bounds.
 */
export function activation(options: ActivationName | ActivationOptions) {
  return activationType.make(typeof options === "string" ? { function: options } : options);
}
