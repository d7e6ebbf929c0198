import { type FunctionBuilder, type I32, i32, v128 } from "../wasm/index.js";
import { emitAdd } from "./add.js";
import { type ConvolutionGeometry, isDilated, readsZeros } from "./convolution.js";
import { emitCopy } from "./copy.js";
import type { Emitter } from "./emitter.js";
import { emitZero } from "./fill.js";
import { type Grid, gridBytes, oddLines, sampleStride } from "./grid.js";
import { evenSplit } from "./tiling.js";
import { forChannels } from "./vectors.js";
import {
  emitBothWays,
  pointMatrix,
  type WinogradTransform,
  winograd2,
  winograd2of5,
  winograd3,
  winograd4,
} from "./winograd-transforms.js";

/**
 * A 3 × 3 or 5 × 5 convolution as products of transformed tiles. Tiles of m × m outputs lie side by side; for each of
 * the (m + taps − 1)² points, transformed inputs [tiles][in] times transformed weights [in][out] give transformed
 * outputs [tiles][out]. The gradients are the same three steps backwards, with as few products.
 *
 * Transformed inputs and output gradients lie as [points][tiles][channels], transformed weights as
 * [out / 8][points][in][8]: like the packed weights of a convolution whose kernel has that many points.
 */
export interface WinogradShape {
  readonly transform: WinogradTransform;
  readonly geometry: ConvolutionGeometry;
  readonly tilesDown: number;
  readonly tilesAcross: number;
  /** Rows and columns of outputs that the last row and column of tiles have: fewer where tiles reach beyond the map. */
  readonly last: { readonly rows: number; readonly columns: number };
}

/** Fewer channels than this, and the transforms cost more than the products they save. */
const fewestChannels = 16;

/** Outputs along an axis from which on tiles of four by four are taken as they are: smaller maps have few of them. */
const smallestLarge = 16;

/** By how much other tiles must have fewer products than those that cover a map exactly, or than no tiles at all. */
const worthwhile = 1.25;

/** More bytes of transformed weights than this are read for longer than they are multiplied, where tiles are few. */
const mostWeightBytes = 16 * 1024 * 1024;

/** Tiles of one band, about: transformed, with all their channels, they stay in the second cache. */
const bandTiles = 32;

/** A sample's tiles in bands of whole rows, one after the other, where they are many. */
export function bandsOf(shape: WinogradShape): { readonly band: WinogradShape; readonly firstRow: number }[] {
  const rows = Math.max(1, Math.round(bandTiles / shape.tilesAcross));
  let firstRow = 0;
  return evenSplit(shape.tilesDown, rows).map((tilesDown) => {
    const start = firstRow;
    firstRow += tilesDown;
    const ends = firstRow === shape.tilesDown;
    const last = ends ? shape.last : { ...shape.last, rows: shape.transform.outputs };
    return { band: { ...shape, tilesDown, last }, firstRow: start };
  });
}

/** Bytes from one row of tiles to the next in a grid. */
export function tileRowBytes({ transform }: WinogradShape, grid: Grid): number {
  return transform.outputs * grid.pitch * grid.channels * 4;
}

/**
 * How to compute a convolution by Winograd's tiles, or nothing where it does not fit: by tiles that cover the map exactly,
 * or, where that has clearly fewer products, by some that reach beyond it.
 */
export function winogradShape(geometry: ConvolutionGeometry): WinogradShape | undefined {
  const { input, output, kernelSize, strides } = geometry;
  if (isDilated(geometry) || strides.join() !== "1,1") return undefined;
  if (Math.min(input.channels, output.channels) < fewestChannels) return undefined;
  if (input.channels % 8 !== 0 || output.channels % 8 !== 0) return undefined;
  const fitting = [winograd4, winograd3, winograd2, winograd2of5]
    .filter(({ taps }) => kernelSize.every((size) => size === taps))
    .map((transform) => tiled(transform, geometry));
  const large = Math.min(output.height, output.width) >= smallestLarge;
  const exact = fitting.find((shape) => !isCut(shape) && (large || shape.transform !== winograd4));
  const products = exact ? productsOf(exact) : output.height * output.width * kernelSize[0] * kernelSize[1];
  const fewer = fitting
    .filter((shape) => productsOf(shape) * worthwhile <= products)
    .filter((shape) => transformedWeightBytes(shape) <= mostWeightBytes)
    .sort((one, other) => productsOf(one) - productsOf(other));
  return fewer[0] ?? exact;
}

function tiled(transform: WinogradTransform, geometry: ConvolutionGeometry): WinogradShape {
  const { outputs } = transform;
  const { height, width } = geometry.output;
  const tilesDown = Math.ceil(height / outputs);
  const tilesAcross = Math.ceil(width / outputs);
  const last = { rows: height - (tilesDown - 1) * outputs, columns: width - (tilesAcross - 1) * outputs };
  return { transform, geometry, tilesDown, tilesAcross, last };
}

/** Whether tiles reach beyond the map. */
const isCut = ({ transform: { outputs }, last }: WinogradShape): boolean =>
  last.rows < outputs || last.columns < outputs;

/** Products of a sample for each pair of an input and an output channel. */
const productsOf = (shape: WinogradShape): number => tilesOf(shape) * pointsOf(shape);

export const pointsOf = ({ transform }: WinogradShape): number => transform.points * transform.points;

/**
 * Bytes from one point of some transformed tiles to the next: an odd number of cache lines, since a tile's points are
 * written and read together, and would otherwise drive each other out of a few sets of the first cache.
 */
export const pointStride = (tiles: number, channels: number): number => oddLines(tiles * channels * 4);

export const tilesOf = ({ tilesDown, tilesAcross }: WinogradShape): number => tilesDown * tilesAcross;

/** Bytes of transformed weights. */
export function transformedWeightBytes(shape: WinogradShape): number {
  const { input, output } = shape.geometry;
  return pointsOf(shape) * input.channels * output.channels * 4;
}

/** Scratch bytes for the transformed tiles of some samples, of so many channels. */
export function transformedBytes(shape: WinogradShape, samples: number, channels: number): number {
  return pointsOf(shape) * pointStride(tilesOf(shape) * samples, channels);
}

/** The input with the zeros that its tiles reach into, or nothing where they reach into none. */
export function borderedInput({ geometry, transform }: WinogradShape): Grid | undefined {
  const { input, output } = geometry;
  const { outputs, taps } = transform;
  // Of the whole map, be it one of its bands that asks.
  const reach = (size: number): number => Math.ceil(size / outputs) * outputs + taps - 1;
  const [height, width] = [reach(output.height), reach(output.width)];
  if (!readsZeros(geometry) && height <= input.height && width <= input.width) return undefined;
  return { height, width, pitch: width, channels: input.channels };
}

/** The part of an image that lies in its frame, and where it lies there; both zero where they have none in common. */
function framedPart(shape: WinogradShape) {
  const { input, padding } = shape.geometry;
  const frame = borderedInput(shape)!;
  const rows = Math.min(input.height, frame.height - padding[0]);
  const columns = Math.min(input.width, frame.width - padding[1]);
  const [height, width] = rows > 0 && columns > 0 ? [rows, columns] : [0, 0];
  const pixelBytes = frame.channels * 4;
  const start = height > 0 ? (padding[0] * frame.pitch + padding[1]) * pixelBytes : gridBytes(frame);
  return { frame, height, start, rowBytes: width * pixelBytes, frameRow: frame.pitch * pixelBytes };
}

/** For one sample: an image and the zeros around it. */
export function emitFrame(emitter: Emitter, shape: WinogradShape) {
  return emitter.module.once(`frame ${JSON.stringify(shape)}`, () => {
    const { input } = shape.geometry;
    const { frame, height, start, rowBytes, frameRow } = framedPart(shape);
    const [copy, zero] = [emitCopy(emitter), emitZero(emitter)];
    return emitter.module.function(["image", "to"], (f, { image, to }) => {
      const inner = f.let(i32.add(to, start));
      f.call(zero, { address: to, end: inner });
      f.for({ to: height }, (y) => {
        const from = f.let(i32.add(image, i32.mul(y, input.pitch * input.channels * 4)));
        const innerEnd = f.let(i32.add(inner, rowBytes));
        f.call(copy, { from, to: inner, end: innerEnd });
        // What lies behind a row and before the next is side by side.
        const next = f.let(i32.add(inner, frameRow));
        const isLast = i32.eq(y, height - 1);
        const end = i32.select(isLast, i32.add(to, gridBytes(frame)), next);
        f.call(zero, { address: innerEnd, end });
        f.set(inner, next);
      });
    });
  });
}

/** For one sample: an image out of its frame, zero where it has none; or that part of it added to an image. */
export function emitUnframe(emitter: Emitter, shape: WinogradShape, adds: boolean) {
  return emitter.module.once(`unframe ${adds} ${JSON.stringify(shape)}`, () => {
    const { input } = shape.geometry;
    const { height, start, rowBytes, frameRow } = framedPart(shape);
    const whole = height * rowBytes === gridBytes(input);
    const zero = emitZero(emitter);
    return emitter.module.function(["frame", "image"], (f, { frame, image }) => {
      if (!adds && !whole) f.call(zero, { address: image, end: i32.add(image, gridBytes(input)) });
      f.for({ to: height }, (y) => {
        const from = f.let(i32.add(i32.add(frame, start), i32.mul(y, frameRow)));
        const to = f.let(i32.add(image, i32.mul(y, input.pitch * input.channels * 4)));
        const end = i32.add(to, rowBytes);
        if (adds) f.call(emitAdd(emitter), { a: to, b: from, out: to, end });
        else f.call(emitCopy(emitter), { from, to, end });
      });
    });
  });
}

/** Rows and columns of a tile that lie within the map. */
export type TileReach = WinogradShape["last"];

/**
 * Runs the body for every tile of some samples, in order, given its first pixel in a grid and its number. Where the grid,
 * of outputs then, `cuts` tiles off, the body is told how much of a tile lies within, and emitted for each such size.
 */
export function forEachTile(
  f: FunctionBuilder,
  shape: WinogradShape,
  samples: number,
  place: { readonly base: I32; readonly grid: Grid; readonly sampleBytes: number; readonly cuts: boolean },
  body: (pixel: I32, tile: I32, reach: TileReach) => void,
): void {
  const { transform, tilesDown, tilesAcross, last } = shape;
  const { outputs } = transform;
  const { base, grid, sampleBytes, cuts } = place;
  const step = outputs * grid.channels * 4;
  const tile = f.let(i32.const(0));
  const along = (count: number, size: number, each: (size: number, count: number) => void): void => {
    const whole = cuts && size < outputs ? count - 1 : count;
    if (whole > 0) each(outputs, whole);
    if (whole < count) each(size, 1);
  };
  f.for({ to: samples }, (sample) => {
    const row = f.let(i32.add(base, i32.mul(sample, sampleBytes)));
    along(tilesDown, last.rows, (rows, down) => {
      f.for({ to: down }, () => {
        const pixel = f.let(i32.add(row, 0));
        along(tilesAcross, last.columns, (columns, across) => {
          f.for({ to: across }, () => {
            body(pixel, tile, { rows, columns });
            f.add(pixel, step);
            f.add(tile, 1);
          });
        });
        f.add(row, step * grid.pitch);
      });
    });
  });
}

/** For some samples: Bᵀ d B of input tiles, or with `gradient` A dy Aᵀ of the output gradient's. */
export function emitTileTransform(
  emitter: Emitter,
  shape: WinogradShape,
  samples: number,
  gradient: boolean,
) {
  return emitter.module.once(`tile transform ${samples} ${gradient} ${JSON.stringify(shape)}`, () => {
    const { transform, geometry } = shape;
    const grid = gradient ? geometry.output : (borderedInput(shape) ?? geometry.input);
    const matrix = gradient ? pointMatrix(transform, "output", true) : pointMatrix(transform, "input");
    const size = gradient ? transform.outputs : transform.points;
    const tiles = tilesOf(shape) * samples;
    const channelBytes = grid.channels * 4;
    return emitter.module.function(["image", "to"], (f, { image, to }) => {
      const sampleBytes = sampleStride(grid);
      const place = { base: image, grid, sampleBytes, cuts: gradient };
      forEachTile(f, shape, samples, place, (pixel, tile, reach) => {
        const isBeyond = (row: number, column: number): boolean =>
          gradient && (row >= reach.rows || column >= reach.columns);
        const target = f.let(i32.add(to, i32.mul(tile, channelBytes)));
        forChannels(emitter, f, channelBytes, (channel, offset) => {
          const at = f.let(i32.add(pixel, channel));
          const out = f.let(i32.add(target, channel));
          emitBothWays(f, emitter.arithmetic, matrix, {
            size,
            load: (row, column) =>
              isBeyond(row, column)
                ? v128.zero()
                : v128.load(at, (row * grid.pitch + column) * channelBytes + offset),
            store: (row, column, value) => {
              const point = row * transform.points + column;
              f.do(v128.store(out, value, point * pointStride(tiles, grid.channels) + offset));
            },
          });
        });
      });
    });
  });
}

/**
 * One block of eight output channels of packed weights into G g Gᵀ, or with `back` the gradient of transformed
 * weights into that of the weights, Gᵀ u G.
 */
export function emitWeightTransform(emitter: Emitter, shape: WinogradShape, back: boolean) {
  return emitter.module.once(`weight transform ${back} ${JSON.stringify(shape)}`, () => {
    const { transform, geometry } = shape;
    const { channels } = geometry.input;
    const matrix = pointMatrix(transform, "weight", back);
    const { points, taps } = transform;
    const [fromSize, toSize] = back ? [points, taps] : [taps, points];
    return emitter.module.function(["from", "to", "block"], (f, { from, to, block }) => {
      const rowBytes = channels * 32;
      const source = f.let(i32.add(from, i32.mul(block, fromSize * fromSize * rowBytes)));
      const target = f.let(i32.add(to, i32.mul(block, toSize * toSize * rowBytes)));
      forChannels(emitter, f, rowBytes, (channel, offset) => {
        const at = f.let(i32.add(source, channel));
        const out = f.let(i32.add(target, channel));
        emitBothWays(f, emitter.arithmetic, matrix, {
          size: fromSize,
          load: (row, column) => v128.load(at, (row * fromSize + column) * rowBytes + offset),
          store: (row, column, value) =>
            f.do(v128.store(out, value, (row * toSize + column) * rowBytes + offset)),
        });
      });
    });
  });
}
