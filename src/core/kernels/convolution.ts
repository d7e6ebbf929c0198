import { type Grid, sampleStride } from "./grid.js";
import { longestSum, type PixelClass, type ProductShape, type Segment } from "./product.js";
import { tilingCost, tilingFor, wideTilings } from "./tiling.js";
import type { Walk, WeightClass, WeightGradientShape } from "./weight-gradient.js";

/** A two-dimensional convolution. Output pixel (y, x) sees input (y·stride + k·dilation − padding). */
export interface ConvolutionGeometry {
  readonly input: Grid;
  readonly output: Grid;
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  /** Zeros before the first row and column. */
  readonly padding: readonly [number, number];
  /** Pixels from one tap to the next; default 1. */
  readonly dilation?: readonly [number, number];
}

/** Taps side by side. */
export const noDilation = [1, 1] as const;

/** Whether a window has gaps between its taps. */
export const isDilated = ({ dilation = noDilation }: ConvolutionGeometry): boolean =>
  Math.max(...dilation) > 1;

/** Whether any window reads zeros around the image. */
export function readsZeros(geometry: ConvolutionGeometry): boolean {
  const { input, output, kernelSize, strides, padding, dilation = noDilation } = geometry;
  const past = (axis: 0 | 1, size: number, outputs: number): boolean =>
    (outputs - 1) * strides[axis] + (kernelSize[axis] - 1) * dilation[axis] + 1 - padding[axis] > size;
  return (
    padding[0] + padding[1] > 0 || past(0, input.height, output.height) || past(1, input.width, output.width)
  );
}

export const pixelBytes = (grid: Grid, y: number, x: number): number =>
  (y * grid.pitch + x * (grid.across ?? 1)) * grid.channels * 4;

/** Numbers 0 … count − 1 gathered by what `describe` says of each. */
export function gather<T>(count: number, describe: (index: number) => T): { value: T; indices: number[] }[] {
  const found = new Map<string, { value: T; indices: number[] }>();
  for (let index = 0; index < count; index++) {
    const value = describe(index);
    const key = JSON.stringify(value);
    const entry = found.get(key) ?? { value, indices: [] };
    entry.indices.push(index);
    found.set(key, entry);
  }
  return [...found.values()];
}

export const range = (from: number, to: number): number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i);

type Axis = 0 | 1;

/** Where an output's window has one of its taps, on an axis of the input. */
export const tapPlace = (
  { strides, padding, dilation = noDilation }: ConvolutionGeometry,
  axis: Axis,
  output: number,
  tap: number,
): number => output * strides[axis] - padding[axis] + tap * dilation[axis];

/** The output whose window has that tap there, no whole number where there is none. */
export const windowPlace = (
  { strides, padding, dilation = noDilation }: ConvolutionGeometry,
  axis: Axis,
  input: number,
  tap: number,
): number => (input + padding[axis] - tap * dilation[axis]) / strides[axis];

/** An axis's outputs by the kernel's places that lie within the input. */
export function forwardTaps(geometry: ConvolutionGeometry, axis: Axis) {
  const { input, output, kernelSize, strides, padding, dilation = noDilation } = geometry;
  const [size, outputs] = axis === 0 ? [input.height, output.height] : [input.width, output.width];
  return gather(outputs, (at) => {
    const first = at * strides[axis] - padding[axis];
    return {
      from: Math.max(0, Math.ceil(-first / dilation[axis])),
      to: Math.min(kernelSize[axis], Math.ceil((size - first) / dilation[axis])),
    };
  });
}

/** An axis's inputs that meet the same of the kernel's places. */
interface Taps {
  readonly value: readonly number[];
  readonly indices: readonly number[];
}

/** An axis's inputs by the kernel's places that meet them, the last first. */
export function gradientTaps(geometry: ConvolutionGeometry, axis: Axis): Taps[] {
  const { input, output, kernelSize } = geometry;
  const [size, inputs] = axis === 0 ? [output.height, input.height] : [output.width, input.width];
  return gather(inputs, (at) =>
    range(0, kernelSize[axis])
      .reverse()
      .filter((tap) => {
        const window = windowPlace(geometry, axis, at, tap);
        return Number.isInteger(window) && window >= 0 && window < size;
      }),
  );
}

/**
 * Segments of all pixel classes of a convolution's products, forward and to its input's gradient: a program calls a
 * tile for each. Large kernels over borders have many, since nearly every pixel meets the borders in its own way.
 */
export function segmentCounts(geometry: ConvolutionGeometry): PartCounts {
  // Neighbouring columns are one segment, those with gaps between them one each.
  const isGapless = geometry.dilation === undefined || geometry.dilation[1] === 1;
  return partCounts(geometry, (columns) => (isGapless ? columns.length : total(columns)));
}

/** Taps of all pixel classes of a convolution, forward and to its input's gradient. */
export const tapCounts = (geometry: ConvolutionGeometry): PartCounts => partCounts(geometry, total);

/** Of what a program of each product is made. */
interface PartCounts {
  readonly forward: number;
  readonly dataGradient: number;
}

/** @param across the parts of a row, of the numbers of taps that each class of columns has */
function partCounts(
  geometry: ConvolutionGeometry,
  across: (columns: readonly number[]) => number,
): PartCounts {
  const forward = (axis: Axis) =>
    forwardTaps(geometry, axis).map(({ value: { from, to } }) => Math.max(0, to - from));
  const gradient = (axis: Axis) => gradientTaps(geometry, axis).map(({ value }) => value.length);
  return {
    forward: total(forward(0)) * across(forward(1)),
    dataGradient: total(gradient(0)) * across(gradient(1)),
  };
}

const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** Output = input * weights, blocks of output channels. Border pixels take only the taps that exist. */
export function forwardProduct(
  geometry: ConvolutionGeometry,
  start: "zero" | "bias",
  finish: ProductShape["finish"],
): ProductShape {
  const { input, output, kernelSize, dilation = noDilation } = geometry;
  const classes: PixelClass[] = [];
  for (const rows of forwardTaps(geometry, 0))
    for (const columns of forwardTaps(geometry, 1)) {
      const { from: top, to: bottom } = rows.value;
      const { from: left, to: right } = columns.value;
      const pixels = rows.indices.flatMap((y) =>
        columns.indices.map((x) => ({
          a: pixelBytes(input, tapPlace(geometry, 0, y, top), tapPlace(geometry, 1, x, left)),
          out: pixelBytes(output, y, x),
        })),
      );
      // Neighbouring taps are one run of numbers.
      const starts = dilation[1] === 1 ? (right > left ? [left] : []) : range(left, right);
      const taken = dilation[1] === 1 ? right - left : 1;
      const segments = range(top, bottom).flatMap((row) =>
        starts.map((column) => ({
          a: pixelBytes(input, (row - top) * dilation[0], (column - left) * dilation[1]),
          b: (row * kernelSize[1] + column) * input.channels * 32,
          steps: taken * input.channels,
        })),
      );
      classes.push({ pixels, segments: joined(segments) });
    }
  return {
    classes,
    aSample: sampleStride(input),
    outSample: sampleStride(output),
    blockSteps: kernelSize[0] * kernelSize[1] * input.channels,
    channels: output.channels,
    start,
    finish,
  };
}

/** Segments that follow each other in input and weights alike become one. */
function joined(segments: readonly Segment[]): Segment[] {
  const result: Segment[] = [];
  for (const segment of segments) {
    const last = result.at(-1);
    if (last && segment.a === last.a + last.steps * 4 && segment.b === last.b + last.steps * 32)
      result[result.length - 1] = { ...last, steps: last.steps + segment.steps };
    else result.push(segment);
  }
  return result;
}

/**
 * The order of kernel columns in the transposed weights: by remainder of the stride, then falling, so that the
 * columns that one input pixel meets lie side by side as its output pixels do.
 */
export function transposedColumns(kernelWidth: number, stride: number): number[] {
  return range(0, stride).flatMap((remainder) =>
    range(0, kernelWidth)
      .filter((column) => column % stride === remainder)
      .reverse(),
  );
}

/**
 * Input gradient = output gradient * transposed weights, blocks of input channels. `framed` where the output's gradient
 * has zeros between its rows and before the first, as many as windows reach beyond it: then all pixels of a row take
 * all taps.
 */
export function dataGradientProduct(geometry: ConvolutionGeometry, framed = false): ProductShape {
  const { input, output, kernelSize, strides, dilation = noDilation } = geometry;
  const order = transposedColumns(kernelSize[1], strides[1]);
  const classes: PixelClass[] = [];
  for (const rows of gradientTaps(geometry, 0))
    for (const columns of framed ? [allTaps(geometry)] : gradientTaps(geometry, 1)) {
      const empty = rows.value.length === 0 || columns.value.length === 0;
      const pixels = rows.indices.flatMap((y) =>
        columns.indices.map((x) => ({
          a: empty
            ? 0
            : pixelBytes(
                output,
                windowPlace(geometry, 0, y, rows.value[0]),
                windowPlace(geometry, 1, x, columns.value[0]),
              ),
          out: pixelBytes(input, y, x),
        })),
      );
      /** Output pixels from that of the first tap to that of another. */
      const beyond = (axis: 0 | 1, first: number, tap: number): number =>
        ((first - tap) * dilation[axis]) / strides[axis];
      const starts = dilation[1] === 1 ? columns.value.slice(0, 1) : columns.value;
      const taken = dilation[1] === 1 ? columns.value.length : 1;
      const segments = empty
        ? []
        : rows.value.flatMap((row) =>
            starts.map((column) => ({
              a: pixelBytes(output, beyond(0, rows.value[0], row), beyond(1, columns.value[0], column)),
              b: (row * kernelSize[1] + order.indexOf(column)) * output.channels * 32,
              steps: taken * output.channels,
            })),
          );
      classes.push({ pixels, segments });
    }
  return {
    classes,
    aSample: sampleStride(output),
    outSample: sampleStride(input),
    blockSteps: kernelSize[0] * kernelSize[1] * output.channels,
    channels: input.channels,
    start: "zero",
    finish: "store",
  };
}

/** Every column of the input with all of the kernel's, the last first. */
const allTaps = ({ input, kernelSize }: ConvolutionGeometry): Taps => ({
  value: range(0, kernelSize[1]).reverse(),
  indices: range(0, input.width),
});

/** The output in the input's row pitch: with room between its rows for all that windows reach beyond it. */
export const inInputPitch = ({ input, output }: ConvolutionGeometry): Grid => ({
  ...output,
  pitch: input.pitch,
});

/** Bytes before an output's first number that its data gradient's windows reach into. */
export const frameBytes = ({ output, kernelSize }: ConvolutionGeometry): number =>
  Math.ceil(((kernelSize[1] - 1) * output.channels * 4) / 64) * 64;

/**
 * Whether an output's gradient had better have zeros for what its data gradient's windows reach beyond it: nearly every
 * pixel of a small map meets other borders, so that tiles would be of a pixel or two. Zeros change no sum's bytes, as
 * long as it has no parts.
 */
export function prefersFrame(geometry: ConvolutionGeometry): boolean {
  const { kernelSize, strides, output, input } = geometry;
  if (strides[0] * strides[1] !== 1 || kernelSize[1] === 1) return false;
  if (isDilated(geometry) || readsZeros(geometry)) return false;
  if (kernelSize[0] * kernelSize[1] * output.channels > longestSum) return false;
  // Asked of one tiling on all machines.
  const tiling = tilingFor(wideTilings[0], input.channels);
  const cost = (columns: readonly Taps[]): number =>
    tilingCost(
      gradientTaps(geometry, 0).flatMap((rows) =>
        columns.map((across) => ({
          places: rows.indices.length * across.indices.length,
          steps: rows.value.length * across.value.length * output.channels,
        })),
      ),
      tiling,
    );
  return cost([allTaps(geometry)]) < 0.9 * cost(gradientTaps(geometry, 1));
}

/** Cycles around a walk (twelve accumulators in and out, the call), in steps of a tile. */
const walkOverhead = 3.5;

/** Whether a walk over whole samples in the input's row pitch, zeros between rows, beats one walk a row. */
export function prefersSharedPitch(geometry: ConvolutionGeometry): boolean {
  const { input, output, strides } = geometry;
  if (strides[0] !== 1 || strides[1] !== 1 || input.across || readsZeros(geometry)) return false;
  if (output.height * output.width <= 16) return false;
  const flat = (output.height - 1) * input.pitch + output.width + walkOverhead;
  return flat < output.height * (output.width + walkOverhead);
}

/** Pixels so far apart share few sets of the first cache: two blocks of them are gathered before tiles walk over them. */
const scatteredBytes = 256;

/** dW = input ⊗ output gradient, walked in the way that fits the shapes. */
export function weightGradient(geometry: ConvolutionGeometry, batch: number): WeightGradientShape {
  const { input, output, kernelSize, strides, dilation = noDilation } = geometry;
  const reach = (axis: Axis, inputSize: number, outputSize: number) => (tap: number) => {
    const inside = range(0, outputSize).filter((at) => {
      const place = tapPlace(geometry, axis, at, tap);
      return place >= 0 && place < inputSize;
    });
    return { from: inside[0] ?? 0, to: (inside.at(-1) ?? -1) + 1 };
  };
  const overSamples = output.height * output.width <= 16;
  const single = kernelSize[0] * kernelSize[1] * strides[0] * strides[1] === 1;
  const whole = output.pitch === input.pitch && !readsZeros(geometry);
  const shared = !overSamples && whole && (output.pitch > output.width || single);
  const aStep = overSamples ? sampleStride(input) : pixelBytes(input, 0, strides[1]);
  const bStep = overSamples ? sampleStride(output) : output.channels * 4;
  const classes: WeightClass[] = [];
  for (const rows of gather(kernelSize[0], reach(0, input.height, output.height)))
    for (const columns of gather(kernelSize[1], reach(1, input.width, output.width))) {
      const { from: top, to: bottom } = rows.value;
      const { from: left, to: right } = columns.value;
      if (bottom <= top || right <= left) continue;
      const weights = rows.indices.flatMap((row) =>
        columns.indices.flatMap((column) =>
          range(0, input.channels).map((channel) => ({
            a: pixelBytes(input, row * dilation[0], column * dilation[1]) + channel * 4,
            row: (row * kernelSize[1] + column) * input.channels + channel,
          })),
        ),
      );
      const walk = (y: number, x: number, steps: number): Walk => ({
        a: pixelBytes(input, tapPlace(geometry, 0, y, 0), tapPlace(geometry, 1, x, 0)),
        b: pixelBytes(output, y, x),
        steps,
      });
      classes.push({
        rows: weights,
        walks: overSamples
          ? range(top, bottom).flatMap((y) => range(left, right).map((x) => walk(y, x, batch)))
          : shared
            ? [walk(0, 0, (output.height - 1) * output.pitch + output.width)]
            : range(top, bottom).map((y) => walk(y, left, right - left)),
      });
    }
  return {
    classes,
    aStep,
    bStep,
    aSample: sampleStride(input),
    bSample: sampleStride(output),
    overSamples,
    gathers: overSamples || bStep >= scatteredBytes,
    blockSteps: kernelSize[0] * kernelSize[1] * input.channels,
    channels: output.channels,
  };
}
