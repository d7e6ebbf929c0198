import { f32, i32, v128 } from "../wasm/index.js";
import { type ConvolutionGeometry, isDilated } from "./convolution.js";
import { emitCopy } from "./copy.js";
import type { Emitter } from "./emitter.js";
import { emitZero } from "./fill.js";
import { type Grid, gridBytes } from "./grid.js";

/** Kernel rows of at most so many numbers are gathered into patches: a loop a row would hardly begin. */
const shortRow = 16;

/** Whether a convolution over an image of few channels had better see patches. */
export function prefersPatches(geometry: ConvolutionGeometry): boolean {
  const { input, output, kernelSize } = geometry;
  if (isDilated(geometry)) return false;
  return kernelSize[0] > 1 && kernelSize[1] * input.channels <= shortRow && output.height * output.width > 16;
}

/**
 * The same convolution over patches. For each output column they are what kernel rows see there, from the image's first
 * row to its last: the kernel rows of an output pixel lie one after the other, and pixels below each other share them.
 */
export function patchGeometry({
  input,
  output,
  kernelSize,
  strides,
}: ConvolutionGeometry): ConvolutionGeometry {
  const height = (output.height - 1) * strides[0] + kernelSize[0];
  const channels = kernelSize[1] * input.channels;
  // Tiles take a pixel of a dozen columns: a round number of bytes apart those would share few sets of the first cache.
  const across = (height * channels * 4) % 1024 === 0 ? height + 1 : height;
  return {
    input: { height, width: output.width, pitch: 1, across, channels },
    output,
    kernelSize: [kernelSize[0], 1],
    strides: [strides[0], 1],
    padding: [0, 0],
  };
}

/** The input with its zeros around it, as far as the kernel reaches. */
function bordered({ input, output, kernelSize, strides, padding }: ConvolutionGeometry): Grid {
  const reach = (axis: 0 | 1, size: number, outputs: number): number =>
    Math.max(size + padding[axis], (outputs - 1) * strides[axis] + kernelSize[axis]);
  const width = reach(1, input.width, output.width);
  return { height: reach(0, input.height, output.height), width, pitch: width, channels: input.channels };
}

/** Rows that are copied in a turn. */
const rowsAtOnce = 4;

/** Room behind patches and bordered image that copies of four numbers may run over into. */
const overrun = 64;

/** Scratch bytes that `emitPatches` wants for a sample: the patches, then the bordered image. */
export function patchBytes(geometry: ConvolutionGeometry): { patches: number; border: number } {
  return {
    patches: gridBytes(patchGeometry(geometry).input) + overrun,
    border: gridBytes(bordered(geometry)) + overrun,
  };
}

/** One sample's patches; `border` is room for its image with the zeros around it. */
export function emitPatches(emitter: Emitter, geometry: ConvolutionGeometry) {
  const { input, output, kernelSize, strides, padding } = geometry;
  const grid = bordered(geometry);
  const [copy, zero] = [emitCopy(emitter), emitZero(emitter)];
  const rowNumbers = kernelSize[1] * input.channels;
  const { height: rows, across = rows } = patchGeometry(geometry).input;
  return emitter.module.function(["image", "patches", "border"], (f, { image, patches, border }) => {
    f.call(zero, { address: border, end: i32.add(border, gridBytes(grid) + overrun) });
    f.for({ to: input.height }, (y) => {
      const from = f.let(i32.add(image, i32.mul(y, input.pitch * input.channels * 4)));
      const row = i32.mul(i32.add(y, padding[0]), grid.pitch);
      const to = f.let(i32.add(border, i32.mul(i32.add(row, padding[1]), input.channels * 4)));
      const rowBytes = input.width * input.channels * 4;
      if (rowBytes % 16 === 0) f.call(copy, { from, to, end: i32.add(to, rowBytes) });
      // Vectors would run over into the border.
      else
        f.for({ to: rowBytes, step: 4 }, (number) => {
          f.do(f32.store(i32.add(to, number), f32.load(i32.add(from, number))));
        });
    });
    const numbers = Array.from({ length: Math.ceil(rowNumbers / 4) }, (_, vector) => vector * 4);
    const pitchBytes = grid.pitch * grid.channels * 4;
    f.for({ to: output.width }, (x) => {
      const from = f.let(i32.add(border, i32.mul(x, strides[1] * input.channels * 4)));
      // Four numbers at a time; what is too much of one row, the next row's copy writes over. A row is loaded before
      // it is stored, so that neighbours can be joined.
      const copyRows = (count: number): void => {
        for (let row = 0; row < count; row++) {
          const values = numbers.map((number) => f.let(v128.load(from, row * pitchBytes + number * 4)));
          numbers.forEach((number, vector) => {
            f.do(v128.store(patches, values[vector], (row * rowNumbers + number) * 4));
          });
        }
        f.add(from, count * pitchBytes);
        f.add(patches, count * rowNumbers * 4);
      };
      f.for({ to: Math.floor(rows / rowsAtOnce) }, () => copyRows(rowsAtOnce));
      copyRows(rows % rowsAtOnce);
      f.add(patches, (across - rows) * rowNumbers * 4);
    });
  });
}
