import { type FunctionBuilder, f32x4, type I32, i32, type Local, v128 } from "../wasm/index.js";
import { blockVectors, forWholeBlocks } from "./block-walk.js";
import type { Emitter } from "./emitter.js";
import { sampleStride } from "./grid.js";
import { type Rectifier, rectified } from "./rectifier.js";
import { emitTile } from "./tile.js";
import { evenSplit, fullTileBlocks } from "./tiling.js";
import { eachHalf } from "./vectors.js";
import {
  borderedInput,
  forEachTile,
  pointStride,
  pointsOf,
  tilesOf,
  type WinogradShape,
} from "./winograd.js";
import { emitBothWays, pointMatrix } from "./winograd-transforms.js";

/** [points][tiles][inChannels] times some blocks of weights, to [blocks][points][tiles][8]. */
function emitBlockProducts(
  emitter: Emitter,
  points: number,
  tiles: number,
  inChannels: number,
  blocks: number,
) {
  const { module, arithmetic } = emitter;
  const sizes = evenSplit(tiles, emitter.tiling.rows);
  const vectors = blockVectors(blocks * 2, points * inChannels * 32, points * pointStride(tiles, 8));
  const tileOf = (count: number) =>
    emitTile(module, arithmetic, {
      rows: Array.from({ length: count }, (_, row) => row * inChannels * 4),
      outRows: Array.from({ length: count }, (_, row) => row * 32),
      vectors,
      aStep: 4,
      bStep: 32,
      start: "zero",
    });
  return module.once(`winograd products ${points} ${tiles} ${inChannels} ${blocks}`, () =>
    module.function(["a", "weights", "out"], (f, { a, weights, out }) => {
      f.for({ to: points }, () => {
        let before = 0;
        for (const size of sizes) {
          f.call(tileOf(size), {
            a: i32.add(a, before * inChannels * 4),
            b: weights,
            out: i32.add(out, before * 32),
            steps: inChannels,
            bias: 0,
          });
          before += size;
        }
        f.add(a, pointStride(tiles, inChannels));
        f.add(weights, inChannels * 32);
        f.add(out, pointStride(tiles, 8));
      });
    }),
  );
}

/** All blocks of output channels, some at once: multiplied, then `each` for every one while it is in the first cache. */
function multiplyBlocks(
  emitter: Emitter,
  f: FunctionBuilder,
  size: {
    readonly points: number;
    readonly tiles: number;
    readonly inChannels: number;
    readonly outChannels: number;
  },
  at: { readonly a: I32; readonly weights: Local<"i32">; readonly products: I32 },
  each: (products: I32) => void,
): void {
  const { points, tiles, inChannels, outChannels } = size;
  forWholeBlocks(f, outChannels / 8, fullTileBlocks(emitter.tiling), (count) => {
    const multiply = emitBlockProducts(emitter, points, tiles, inChannels, count);
    f.call(multiply, { a: at.a, weights: at.weights, out: at.products });
    for (let block = 0; block < count; block++)
      each(i32.add(at.products, block * points * pointStride(tiles, 8)));
    f.add(at.weights, count * points * inChannels * 32);
  });
}

/** Where a point's products of a block begin, in bytes. */
const productPlace =
  ({ transform }: WinogradShape, tiles: number) =>
  (row: number, column: number): number =>
    (row * transform.points + column) * pointStride(tiles, 8);

/** Bytes of the products of the blocks that are multiplied at once. */
export function blockProductBytes(emitter: Emitter, shape: WinogradShape, samples: number): number {
  return pointsOf(shape) * pointStride(tilesOf(shape) * samples, 8) * fullTileBlocks(emitter.tiling);
}

/**
 * For some samples of transformed input `a`: all blocks of output channels, each multiplied, transformed back
 * while it is in the first cache, and given its bias and if so a rectifier.
 */
export function emitWinogradForward(
  emitter: Emitter,
  shape: WinogradShape,
  samples: number,
  rectifier?: Rectifier,
) {
  return emitter.module.once(`winograd forward ${samples} ${rectifier} ${JSON.stringify(shape)}`, () => {
    const { transform, geometry } = shape;
    const { input, output } = geometry;
    const tiles = tilesOf(shape) * samples;
    const points = pointsOf(shape);
    const channelBytes = output.channels * 4;
    const placeOf = productPlace(shape, tiles);
    const back = emitter.module.function(["products", "bias", "out"], (f, { products, bias, out }) => {
      const grid = { base: out, grid: output, sampleBytes: sampleStride(output), cuts: true };
      const from = f.let(i32.add(products, 0));
      forEachTile(f, shape, samples, grid, (pixel, _, reach) => {
        eachHalf(emitter, f, (half) => {
          const shift = f.let(v128.load(bias, half));
          emitBothWays(f, emitter.arithmetic, pointMatrix(transform, "output"), {
            size: transform.points,
            load: (row, column) => v128.load(from, placeOf(row, column) + half),
            store: (row, column, value) => {
              if (row >= reach.rows || column >= reach.columns) return;
              const result = rectified(f32x4.add(value, shift), rectifier);
              f.do(v128.store(pixel, result, (row * output.pitch + column) * channelBytes + half));
            },
          });
        });
        f.add(from, 32);
      });
    });
    return emitter.module.function(
      ["a", "weights", "bias", "out", "products"],
      (f, { a, weights, bias, out, products }) => {
        const size = { points, tiles, inChannels: input.channels, outChannels: output.channels };
        multiplyBlocks(emitter, f, size, { a, weights, products }, (block) => {
          f.call(back, { products: block, bias, out });
          f.add(bias, 32);
          f.add(out, 32);
        });
      },
    );
  });
}

/**
 * For some samples of transformed gradient `a`, and transposed weights: the input's gradient, B p Bᵀ of each
 * tile's products added to what `out` holds, where tiles overlap. `out` is a bordered or a plain input grid,
 * zero at first.
 */
export function emitWinogradDataGradient(emitter: Emitter, shape: WinogradShape, samples: number) {
  return emitter.module.once(`winograd data gradient ${samples} ${JSON.stringify(shape)}`, () => {
    const { transform, geometry } = shape;
    const { input, output } = geometry;
    const grid = borderedInput(shape) ?? input;
    const tiles = tilesOf(shape) * samples;
    const points = pointsOf(shape);
    const channelBytes = grid.channels * 4;
    const matrix = pointMatrix(transform, "input", true);
    const sampleBytes = sampleStride(grid);
    const placeOf = productPlace(shape, tiles);
    const back = emitter.module.function(["products", "out"], (f, { products, out }) => {
      const from = f.let(i32.add(products, 0));
      forEachTile(f, shape, samples, { base: out, grid, sampleBytes, cuts: false }, (pixel) => {
        eachHalf(emitter, f, (half) => {
          emitBothWays(f, emitter.arithmetic, matrix, {
            size: transform.points,
            load: (row, column) => v128.load(from, placeOf(row, column) + half),
            store: (row, column, value) => {
              const offset = (row * grid.pitch + column) * channelBytes + half;
              const sum = f.let(f32x4.add(v128.load(pixel, offset), value));
              f.do(v128.store(pixel, sum, offset));
            },
          });
        });
        f.add(from, 32);
      });
    });
    return emitter.module.function(
      ["a", "weights", "out", "products"],
      (f, { a, weights, out, products }) => {
        const size = { points, tiles, inChannels: output.channels, outChannels: input.channels };
        multiplyBlocks(emitter, f, size, { a, weights, products }, (block) => {
          f.call(back, { products: block, out });
          f.add(out, 32);
        });
      },
    );
  });
}

/**
 * For some samples of transformed input `a` and transformed gradient `b`: their product over tiles, as the gradient of
 * the transformed weights or added to it.
 */
export function emitWinogradWeightGradient(
  emitter: Emitter,
  shape: WinogradShape,
  samples: number,
  start: "zero" | "accumulate",
) {
  return emitter.module.once(`winograd weight gradient ${samples} ${start} ${JSON.stringify(shape)}`, () => {
    const { input, output } = shape.geometry;
    const tiles = tilesOf(shape) * samples;
    const points = pointsOf(shape);
    const sizes = evenSplit(input.channels, emitter.tiling.rows);
    const blockBytes = points * input.channels * 32;
    const tileOf = (count: number, blockCount: number) =>
      emitTile(emitter.module, emitter.arithmetic, {
        rows: Array.from({ length: count }, (_, row) => row * 4),
        outRows: Array.from({ length: count }, (_, row) => row * 32),
        vectors: blockVectors(blockCount * 2, 32, blockBytes),
        aStep: input.channels * 4,
        bStep: output.channels * 4,
        start,
      });
    return emitter.module.function(["a", "b", "out"], (f, { a, b, out }) => {
      f.for({ to: points }, () => {
        const gradient = f.let(i32.add(b, 0));
        const target = f.let(i32.add(out, 0));
        forWholeBlocks(f, output.channels / 8, fullTileBlocks(emitter.tiling), (count) => {
          let before = 0;
          for (const size of sizes) {
            f.call(tileOf(size, count), {
              a: i32.add(a, before * 4),
              b: gradient,
              out: i32.add(target, before * 32),
              steps: tiles,
              bias: 0,
            });
            before += size;
          }
          f.add(gradient, count * 32);
          f.add(target, count * blockBytes);
        });
        f.add(a, pointStride(tiles, input.channels));
        f.add(b, pointStride(tiles, output.channels));
        f.add(out, input.channels * 32);
      });
    });
  });
}
