import { UsageError } from "../errors.js";
import { received } from "../options/received.js";
import type { ActivationName } from "./layer.js";

export { received };

export const activationNames: readonly ActivationName[] = ["linear", "relu", "tanh", "sigmoid"];

function refuse(layer: string, option: string, expected: string, value: unknown): never {
  throw new UsageError(`${layer}: ${option} must be ${expected}, but is ${received(value)}.`);
}

/**
 * Refuses what is no options object and any option that the layer doesn't have (a misspelt one would else
 * silently mean its default).
 * @throws UsageError
 */
export function checkOptions(layer: string, options: unknown, known: readonly string[]): void {
  if (typeof options !== "object" || options === null || Array.isArray(options)) {
    throw new UsageError(
      `${layer} takes an object of options (${known.join(", ")}), but got ${received(options)}.`,
    );
  }
  for (const option of Object.keys(options)) {
    if (option === "type" || option === "name" || known.includes(option)) continue;
    const choices = ["name", ...known].join(", ");
    throw new UsageError(`${layer} has no option ${JSON.stringify(option)}. Its options: ${choices}.`);
  }
}

/** @throws UsageError */
export function positiveInteger(layer: string, option: string, value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 1) return value as number;
  refuse(layer, option, "a whole number of 1 or more", value);
}

/** One size for both axes, or [height, width]. @throws UsageError */
export function sizePair(layer: string, option: string, value: unknown): readonly [number, number] {
  const pair: readonly unknown[] = Array.isArray(value) ? value : [value, value];
  if (pair.length === 2 && pair.every((size) => Number.isSafeInteger(size) && (size as number) >= 1)) {
    return [pair[0] as number, pair[1] as number];
  }
  refuse(layer, option, "a whole number of 1 or more, or two of them as [height, width]", value);
}

/** @throws UsageError */
export function oneOf<Name extends string>(
  layer: string,
  option: string,
  value: unknown,
  allowed: readonly Name[],
): Name {
  const found = allowed.find((name) => name === value);
  if (found !== undefined) return found;
  refuse(layer, option, `one of ${allowed.map((name) => JSON.stringify(name)).join(", ")}`, value);
}

/** @throws UsageError */
export function trueOrFalse(layer: string, option: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  refuse(layer, option, "true or false", value);
}

/** A probability below 1. @throws UsageError */
export function dropoutRate(layer: string, option: string, value: unknown): number {
  if (typeof value === "number" && value >= 0 && value < 1) return value;
  refuse(layer, option, "a number from 0 up to, not including, 1 (the share of values dropped)", value);
}

/**
 * A layer's name, empty where the model is to choose one. No dots: tensors are named `<layer>.<parameter>`.
 * @throws UsageError
 */
export function layerName(layer: string, value: unknown): string {
  if (value === undefined) return "";
  if (typeof value === "string" && /^[A-Za-z0-9_-]*$/.test(value)) return value;
  refuse(layer, "name", "made of letters, digits, _ and -", value);
}
