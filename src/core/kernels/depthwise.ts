import { i32, v128 } from "../wasm/index.js";
import {
  type ConvolutionGeometry,
  forwardTaps,
  gradientTaps,
  noDilation,
  pixelBytes,
  range,
  tapPlace,
  windowPlace,
} from "./convolution.js";
import { type Emitter, forEachRow } from "./emitter.js";
import { type Rectifier, rectified } from "./rectifier.js";
import { evenSplit, type Place } from "./tiling.js";
import { forVectors } from "./vectors.js";

/** One weight of a window: where its pixel lies from the window's first, and where it lies in the kernel, in bytes. */
interface Tap {
  readonly from: number;
  readonly tap: number;
}

/** Pixels that all see the same taps, in runs of as many neighbours. */
interface PixelRuns {
  /** The taps, a list for each row of the window. */
  readonly rows: readonly (readonly Tap[])[];
  readonly size: number;
  /** Each run's first pixel: where it reads and where it writes. */
  readonly places: readonly Place[];
}

/**
 * A convolution of each channel by itself, or its data gradient: out[pixel, c] = Σ over taps of from · kernel[tap, c],
 * kernels as [taps][channels]. Four channels are one vector; some neighbouring pixels stay in registers, so that what
 * two windows share is read once.
 */
export interface DepthwiseWalk {
  readonly runs: readonly PixelRuns[];
  /** Bytes from one pixel of a run to the next. */
  readonly fromStep: number;
  readonly outStep: number;
  readonly channels: number;
}

/** Neighbouring pixels that are worked on at once where windows share most of what they read: with more, V8 spills. */
const pixelsAtOnce = 2;

/** Runs of numbers `step` apart, cut evenly into at most so many: each one's first, and how many. */
function cut(
  indices: readonly number[],
  step: number,
  most: number,
): { readonly first: number; readonly size: number }[] {
  const runs: number[][] = [];
  for (const index of indices) {
    const last = runs.at(-1);
    if (last && index === last[last.length - 1] + step) last.push(index);
    else runs.push([index]);
  }
  return runs.flatMap((run) => {
    let at = 0;
    return evenSplit(run.length, most).map((size) => {
      at += size;
      return { first: run[at - size], size };
    });
  });
}

/** The runs of each length among the pixels of some rows and columns. */
function runsOf(
  rows: readonly number[],
  columns: readonly number[],
  { step, most }: { readonly step: number; readonly most: number },
  taps: PixelRuns["rows"],
  place: (y: number, x: number) => Place,
): PixelRuns[] {
  const pieces = cut(columns, step, most);
  return [...new Set(pieces.map(({ size }) => size))].map((size) => ({
    rows: taps,
    size,
    places: rows.flatMap((y) =>
      pieces.filter((piece) => piece.size === size).map(({ first }) => place(y, first)),
    ),
  }));
}

/** A window's taps, row by row; `from` is where one's pixel lies from the first's. */
const windowOf = (
  { output: { channels }, kernelSize }: ConvolutionGeometry,
  rows: readonly number[],
  columns: readonly number[],
  from: (row: number, column: number) => number,
): PixelRuns["rows"] =>
  (columns.length === 0 ? [] : rows).map((row) =>
    columns.map((column) => ({
      from: from(row, column),
      tap: (row * kernelSize[1] + column) * channels * 4,
    })),
  );

/** Border pixels take only the taps that exist. */
export function depthwiseForward(geometry: ConvolutionGeometry): DepthwiseWalk {
  const { input, output, strides, dilation = noDilation } = geometry;
  const { channels } = output;
  const most = strides[1] === 1 ? pixelsAtOnce : 1;
  const runs = forwardTaps(geometry, 0).flatMap((rows) =>
    forwardTaps(geometry, 1).flatMap((columns) => {
      const [{ from: top, to: bottom }, { from: left, to: right }] = [rows.value, columns.value];
      const window = windowOf(geometry, range(top, bottom), range(left, right), (row, column) =>
        pixelBytes(input, (row - top) * dilation[0], (column - left) * dilation[1]),
      );
      return runsOf(rows.indices, columns.indices, { step: 1, most }, window, (y, x) => ({
        a: pixelBytes(input, tapPlace(geometry, 0, y, top), tapPlace(geometry, 1, x, left)),
        out: pixelBytes(output, y, x),
      }));
    }),
  );
  return { runs, fromStep: strides[1] * channels * 4, outStep: channels * 4, channels };
}

/** Each input pixel from the windows that read it. */
export function depthwiseDataGradient(geometry: ConvolutionGeometry): DepthwiseWalk {
  const { input, output, strides, dilation = noDilation } = geometry;
  const { channels } = output;
  // From the last tap to the first, so that windows come in their order.
  const runs = gradientTaps(geometry, 0).flatMap((rows) =>
    gradientTaps(geometry, 1).flatMap((columns) => {
      const [bottom, right] = [rows.value[0], columns.value[0]];
      const window = windowOf(geometry, rows.value, columns.value, (row, column) =>
        pixelBytes(
          output,
          ((bottom - row) * dilation[0]) / strides[0],
          ((right - column) * dilation[1]) / strides[1],
        ),
      );
      return runsOf(
        rows.indices,
        columns.indices,
        { step: strides[1], most: pixelsAtOnce },
        window,
        (y, x) => ({
          a:
            window.length === 0
              ? 0
              : pixelBytes(output, windowPlace(geometry, 0, y, bottom), windowPlace(geometry, 1, x, right)),
          out: pixelBytes(input, y, x),
        }),
      );
    }),
  );
  return { runs, fromStep: channels * 4, outStep: strides[1] * channels * 4, channels };
}

/** Taps of one function: of a larger window some rows at a time. */
const tapsAtOnce = 30;

/** A window's taps for one function, from where its first begin, and that place. */
function chunksOf(rows: PixelRuns["rows"]): { readonly rows: PixelRuns["rows"]; readonly base: Tap }[] {
  if (rows.length === 0) return [{ rows: [], base: { from: 0, tap: 0 } }];
  let at = 0;
  return evenSplit(rows.length, Math.max(1, Math.floor(tapsAtOnce / rows[0].length))).map((count) => {
    const own = rows.slice(at, at + count);
    at += count;
    const lowest = (of: keyof Tap): number => Math.min(...own.flat().map((tap) => tap[of]));
    const base = { from: lowest("from"), tap: lowest("tap") };
    const moved = own.map((row) =>
      row.map(({ from, tap }) => ({ from: from - base.from, tap: tap - base.tap })),
    );
    return { rows: moved, base };
  });
}

/** A row's products, by what they read: each place once, from the first to the last. */
function readsOf(row: readonly Tap[], size: number, fromStep: number) {
  const reads = new Map<number, { readonly tap: number; readonly pixel: number }[]>();
  row.forEach(({ from }, tap) => {
    for (let pixel = 0; pixel < size; pixel++) {
      const at = from + pixel * fromStep;
      reads.set(at, [...(reads.get(at) ?? []), { tap, pixel }]);
    }
  });
  return [...reads].sort(([a], [b]) => a - b);
}

interface TileShape extends Pick<DepthwiseWalk, "fromStep" | "outStep"> {
  readonly rows: PixelRuns["rows"];
  readonly size: number;
}

const pixelsOf = (size: number): number[] => Array.from({ length: size }, (_, pixel) => pixel);

type Start = "zero" | "bias" | "accumulate";

/** Some neighbouring pixels over all channels up to `end`, in one loop of four channels a turn. */
function emitPixels(emitter: Emitter, shape: TileShape, start: Start, rectifier: Rectifier | undefined) {
  const { rows, size, fromStep, outStep } = shape;
  return emitter.module.once(`depthwise ${start} ${rectifier} ${JSON.stringify(shape)}`, () =>
    emitter.module.function(
      ["from", "kernel", "bias", "out", "end"],
      (f, { from, kernel, bias, out, end }) => {
        forVectors(emitter, f, [out, from, kernel, bias], end, (offset) => {
          const sums = pixelsOf(size).map((pixel) =>
            f.let(
              start === "zero"
                ? v128.zero()
                : start === "bias"
                  ? v128.load(bias, offset)
                  : v128.load(out, pixel * outStep + offset),
            ),
          );
          for (const row of rows) {
            const weights = row.map(({ tap }) => f.let(v128.load(kernel, tap + offset)));
            for (const [at, products] of readsOf(row, size, fromStep)) {
              const x = f.let(v128.load(from, at + offset));
              for (const { tap, pixel } of products)
                f.set(sums[pixel], emitter.arithmetic.madd(x, weights[tap], sums[pixel]));
            }
          }
          sums.forEach((sum, pixel) => {
            f.do(v128.store(out, rectified(sum, rectifier), pixel * outStep + offset));
          });
        });
      },
    ),
  );
}

/**
 * One sample's output from its input, or the input's gradient from the output's: from zero or the bias, or added to
 * what is there.
 */
export function emitDepthwise(emitter: Emitter, walk: DepthwiseWalk, start: Start, rectifier?: Rectifier) {
  const { runs, channels, ...steps } = walk;
  return emitter.module.once(`depthwise walk ${start} ${rectifier} ${JSON.stringify(walk)}`, () =>
    emitter.module.function(["from", "kernel", "bias", "out"], (f, { from, kernel, bias, out }) => {
      for (const { rows, size, places } of runs) {
        if (rows.length === 0 && start === "accumulate") continue;
        const chunks = chunksOf(rows);
        forEachRow(
          emitter,
          f,
          places.map((place) => [place.a, place.out]),
          (fromAt, outAt) => {
            const [first, target] = [f.let(i32.add(from, fromAt)), f.let(i32.add(out, outAt))];
            chunks.forEach((chunk, index) => {
              const tile = { rows: chunk.rows, size, ...steps };
              const last = index === chunks.length - 1;
              f.call(
                emitPixels(emitter, tile, index === 0 ? start : "accumulate", last ? rectifier : undefined),
                {
                  from: i32.add(first, chunk.base.from),
                  kernel: i32.add(kernel, chunk.base.tap),
                  bias,
                  out: target,
                  end: i32.add(target, channels * 4),
                },
              );
            });
          },
        );
      }
    }),
  );
}

/** As `emitPixels`, the other way: what each tap saw times the pixels' gradients is added to the tap's own. */
function emitTaps(emitter: Emitter, shape: TileShape) {
  const { rows, size, fromStep, outStep } = shape;
  return emitter.module.once(`depthwise taps ${JSON.stringify(shape)}`, () =>
    emitter.module.function(["from", "gradient", "out", "end"], (f, { from, gradient, out, end }) => {
      forVectors(emitter, f, [gradient, from, out], end, (offset) => {
        const gradients = pixelsOf(size).map((pixel) => f.let(v128.load(gradient, pixel * outStep + offset)));
        for (const row of rows) {
          const sums = row.map(({ tap }) => f.let(v128.load(out, tap + offset)));
          for (const [at, products] of readsOf(row, size, fromStep)) {
            const x = f.let(v128.load(from, at + offset));
            for (const { tap, pixel } of products)
              f.set(sums[tap], emitter.arithmetic.madd(x, gradients[pixel], sums[tap]));
          }
          row.forEach(({ tap }, index) => {
            f.do(v128.store(out, sums[index], tap + offset));
          });
        }
      });
    }),
  );
}

/** Adds one sample's gradient of the kernel, [taps][channels]; the walk is the forward pass's. */
export function emitDepthwiseWeightGradient(emitter: Emitter, walk: DepthwiseWalk) {
  const { runs, channels, ...steps } = walk;
  return emitter.module.once(`depthwise weight gradient ${JSON.stringify(walk)}`, () =>
    emitter.module.function(["from", "gradient", "out"], (f, { from, gradient, out }) => {
      for (const { rows, size, places } of runs)
        forEachRow(
          emitter,
          f,
          rows.length === 0 ? [] : places.map((place) => [place.a, place.out]),
          (fromAt, gradientAt) => {
            const [first, own] = [f.let(i32.add(from, fromAt)), f.let(i32.add(gradient, gradientAt))];
            for (const chunk of chunksOf(rows))
              f.call(emitTaps(emitter, { rows: chunk.rows, size, ...steps }), {
                from: i32.add(first, chunk.base.from),
                gradient: own,
                out: i32.add(out, chunk.base.tap),
                end: i32.add(own, channels * 4),
              });
          },
        );
    }),
  );
}
