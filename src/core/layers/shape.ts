import { HeddleError, UsageError } from "../errors.js";
import { received } from "../options/received.js";
import type { Layer, Shape } from "./layer.js";

/** How many values a tensor of this shape holds. */
export function shapeSize(shape: Shape): number {
  return shape.reduce((size, length) => size * length, 1);
}

/** `[28, 28, 1]` */
export function shapeText(shape: Shape): string {
  return `[${shape.join(", ")}]`;
}

/** `conv2d "C1"`, or `conv2d` where it has no name yet. */
export function layerText({ type, name }: Pick<Layer, "type" | "name">): string {
  return name === "" ? type : `${type} "${name}"`;
}

const isWholeShape = (shape: unknown): shape is Shape =>
  Array.isArray(shape) &&
  shape.length > 0 &&
  shape.every((length) => Number.isSafeInteger(length) && length >= 1);

/** @param what names it in the error @throws UsageError unless it is a list of whole numbers of 1 or more. */
export function checkShape(what: string, shape: unknown): Shape {
  if (isWholeShape(shape)) return [...shape];
  throw new UsageError(
    `${what} takes a shape, a list of whole numbers of 1 or more such as [28, 28, 1], but got ${received(shape)}.`,
  );
}

/**
 * Checks what enters a layer: as many axes as `axes` names (any number where that is left out), each of at
 * least 1.
 * @throws HeddleError saying what came, what is wanted, and `mend`
 */
export function checkInput(
  layer: Pick<Layer, "type" | "name">,
  input: Shape,
  axes?: readonly string[],
  mend = "",
): void {
  if (isWholeShape(input) && (axes === undefined || axes.length === input.length)) return;
  const wanted = axes === undefined ? "a shape of whole numbers of 1 or more" : `input [${axes.join(", ")}]`;
  const got = Array.isArray(input) ? shapeText(input) : received(input);
  throw new HeddleError(
    `${layerText(layer)} takes ${wanted}, but got ${got}.${mend === "" ? "" : ` ${mend}`}`,
  );
}

/** The output of a layer that leaves its input's shape as it is. @throws HeddleError unless that is a shape */
export function sameShape(layer: Pick<Layer, "type" | "name">, [input]: readonly Shape[]): Shape {
  checkInput(layer, input);
  return input;
}

/** Checks what enters a joining layer. @throws HeddleError unless it is two shapes or more */
export function checkJoined(layer: Pick<Layer, "type" | "name">, inputs: readonly Shape[]): void {
  if (inputs.length < 2)
    throw new HeddleError(`${layerText(layer)} joins two inputs or more, but got ${inputs.length}.`);
  for (const input of inputs) checkInput(layer, input);
}
