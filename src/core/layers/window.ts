import { HeddleError } from "../errors.js";
import type { DefinedLayer } from "./define-layer.js";
import type { Shape } from "./layer.js";
import { checkInput, layerText, shapeText } from "./shape.js";

/** Zeros around an image: none, or as many as keep its size at strides of 1. */
export type Padding = "valid" | "same";

/** How a window slides along one axis. */
export interface WindowAxis {
  /** Positions of the window; below 1 where it is longer than the input. */
  readonly output: number;
  /** Zeros before the first input value. */
  readonly before: number;
  /** Zeros after the last one that any window reads; never negative. */
  readonly after: number;
}

/**
 * Window arithmetic along one axis, as TensorFlow has it.
 * `valid`: output = ⌊(input − kernel) / stride⌋ + 1, no zeros.
 * `same`: output = ⌈input / stride⌉ with max((output − 1) · stride + kernel − input, 0) zeros, the odd one after.
 */
export function slideWindow(input: number, kernel: number, stride: number, padding: Padding): WindowAxis {
  if (padding === "valid") return { output: Math.floor((input - kernel) / stride) + 1, before: 0, after: 0 };
  const output = Math.ceil(input / stride);
  const total = Math.max((output - 1) * stride + kernel - input, 0);
  const before = Math.floor(total / 2);
  return { output, before, after: total - before };
}

/** A window sliding over an image's rows and columns. */
export interface Window2d {
  /** Down. */
  readonly height: WindowAxis;
  /** Across. */
  readonly width: WindowAxis;
}

/** @throws HeddleError where the input is no image [H, W, C], or smaller than the window */
export function slideWindow2d(
  layer: DefinedLayer<unknown>,
  input: Shape,
  kernel: readonly [number, number],
  strides: readonly [number, number],
  padding: Padding,
): Window2d {
  checkInput(layer, input, ["H", "W", "C"], "A reshape before it makes images of other inputs.");
  const height = slideWindow(input[0], kernel[0], strides[0], padding);
  const width = slideWindow(input[1], kernel[1], strides[1], padding);
  if (height.output < 1 || width.output < 1) {
    throw new HeddleError(
      `${layerText(layer)} slides a window of ${kernel.join("×")}, but got ${shapeText(input)}, which is smaller. ` +
        'Use larger images, a smaller window, fewer pools before it, or padding "same" in the convolutions.',
    );
  }
  return { height, width };
}
