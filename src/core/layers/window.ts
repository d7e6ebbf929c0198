import { HeddleError } from "../errors.js";
import type { DefinedLayer } from "./define-layer.js";
import type { Shape } from "./layer.js";
import type { ResolvedPadding } from "./padding.js";
import { checkInput, layerText, shapeText } from "./shape.js";

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
 * [before, after] zeros: output = ⌊(before + input + after − kernel) / stride⌋ + 1.
 */
export function slideWindow(
  input: number,
  kernel: number,
  stride: number,
  padding: "valid" | "same" | readonly [number, number],
): WindowAxis {
  if (padding !== "same") {
    const [before, most] = padding === "valid" ? [0, 0] : padding;
    const output = Math.floor((before + input + most - kernel) / stride) + 1;
    const after = Math.min(most, Math.max((output - 1) * stride + kernel - input - before, 0));
    return { output, before, after };
  }
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

/** How a window moves over an image. */
export interface Sliding {
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: ResolvedPadding;
  /** Pixels from one tap to the next; default 1. */
  readonly dilation?: readonly [number, number];
}

/** @throws HeddleError where the input is no image [H, W, C], or smaller than the window */
export function slideWindow2d(
  layer: DefinedLayer<unknown>,
  input: Shape,
  { kernelSize, strides, padding, dilation = [1, 1] }: Sliding,
): Window2d {
  checkInput(layer, input, ["H", "W", "C"], "A reshape before it makes images of other inputs.");
  const sides =
    typeof padding === "string"
      ? [padding, padding]
      : ([
          [padding.top, padding.bottom],
          [padding.left, padding.right],
        ] as const);
  const window = kernelSize.map((size, axis) => (size - 1) * dilation[axis] + 1);
  const [height, width] = [0, 1].map((axis) =>
    slideWindow(input[axis], window[axis], strides[axis], sides[axis]),
  );
  if (height.output < 1 || width.output < 1) {
    const dilated =
      Math.max(...dilation) > 1 ? ` (${kernelSize.join("×")} of dilation ${dilation.join("×")})` : "";
    throw new HeddleError(
      `${layerText(layer)} slides a window of ${window.join("×")}${dilated}, but got ${shapeText(input)}, which is smaller. ` +
        'Use larger images, a smaller window, fewer pools before it, or more padding in the convolutions, such as "same".',
    );
  }
  return { height, width };
}
