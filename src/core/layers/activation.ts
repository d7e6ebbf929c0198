import { UsageError } from "../errors.js";
import { choice, number, type OptionTable, type ResolvedOptions } from "../options/index.js";
import { defineLayer, type NamedOptions, type OwnOptions } from "./define-layer.js";
import type { ActivationName } from "./layer.js";
import { sameShape } from "./shape.js";

/** Every activation, by the name that options take. */
export const activationNames = [
  "linear",
  "relu",
  "relu6",
  "leakyRelu",
  "elu",
  "tanh",
  "sigmoid",
  "softplus",
  "silu",
  "hardSwish",
  "gelu",
  "geluTanh",
] as const satisfies ActivationName[];

/** The likeliest slip of who comes from a library whose last layer has it. */
const softmax =
  "Leave it out: models end in logits, of which the loss takes the softmax, and predict gives it.";

export const activationKind = choice(activationNames, { softmax, logSoftmax: softmax });

/** What `activation` takes. */
export interface ActivationOptions extends NamedOptions {
  /** Which one. */
  readonly function: ActivationName;
  /** Of `leakyRelu` alone: its slope below 0 (default 0.01). */
  readonly negativeSlope?: number | undefined;
}

const options = {
  function: { meaning: "the function", kind: activationKind },
  negativeSlope: {
    meaning: "slope below 0 of leakyRelu",
    kind: number({ from: 0, below: 1 }),
    otherwise: "0.01 of leakyRelu, none of another",
  },
} as const satisfies OptionTable<OwnOptions<ActivationOptions>>;

export const activationType = defineLayer({
  type: "activation",
  meaning: "a function of each value alone",
  example: 'activation("relu")',
  options,
  complete: (given: ResolvedOptions<typeof options>) => {
    if (given.negativeSlope !== undefined && given.function !== "leakyRelu")
      throw new UsageError(
        `activation: negativeSlope belongs to "leakyRelu", but the function is "${given.function}". Leave it out.`,
      );
    return given;
  },
  outputShape: sameShape,
});

/** The layer that `activation` makes. */
export interface Activation extends ReturnType<typeof activationType.make> {}

/**
 * A function of each value alone: see {@link ActivationName}.
 *
 * @example activation("relu"), activation({ function: "leakyRelu", negativeSlope: 0.2 })
 * @throws UsageError on an option that is unknown, missing or out of bounds.
 */
export function activation(options: ActivationName | ActivationOptions): Activation {
  return activationType.make(typeof options === "string" ? { function: options } : options);
}
