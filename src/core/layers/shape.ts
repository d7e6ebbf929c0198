import { HeddleError } from "../errors.js";
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
export function layerText(layer: Layer): string {
  return layer.name === "" ? layer.type : `${layer.type} "${layer.name}"`;
}

/**
 * Checks what enters a layer: as many axes as `axes` names (any number where that is left out), each of at
 * least 1.
 * @throws HeddleError saying what came, what is wanted, and `mend`
 */
export function checkInput(layer: Layer, input: Shape, axes?: readonly string[], mend = ""): void {
  const whole = input.length > 0 && input.every((length) => Number.isSafeInteger(length) && length >= 1);
  if (whole && (axes === undefined || axes.length === input.length)) return;
  const wanted = axes === undefined ? "a shape of whole numbers of 1 or more" : `input [${axes.join(", ")}]`;
  throw new HeddleError(
    `${layerText(layer)} takes ${wanted}, but got ${shapeText(input)}.${mend === "" ? "" : ` ${mend}`}`,
  );
}
