import { f32x4, i32, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";
import { sampleStride } from "./grid.js";
import { emitTile } from "./tile.js";
import { evenSplit, tileRows } from "./tiling.js";
import { borderedInput, forEachTile, pointsOf, rowsOf, tilesOf, type WinogradShape } from "./winograd.js";
import { emitBothWays, transposed } from "./winograd-transforms.js";

/** [points][tiles][inChannels] times one block of weights, to [points][tiles][8]. */
function emitBlockProducts(emitter: Emitter, points: number, tiles: number, inChannels: number) {
  const { module, arithmetic } = emitter;
  const sizes = evenSplit(tiles, tileRows);
  const vectors = [
    { weight: 0, out: 0 },
    { weight: 16, out: 16 },
  ];
  const tileOf = (count: number) =>
    emitTile(module, arithmetic, {
      rows: Array.from({ length: count }, (_, row) => row * inChannels * 4),
      outRows: Array.from({ length: count }, (_, row) => row * 32),
      vectors,
      aStep: 4,
      bStep: 32,
      start: "zero",
    });
  return module.once(`winograd products ${points} ${tiles} ${inChannels}`, () =>
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
        f.add(a, tiles * inChannels * 4);
        f.add(weights, inChannels * 32);
        f.add(out, tiles * 32);
      });
    }),
  );
}

/** Bytes of one block's products. */
export function blockProductBytes(shape: WinogradShape, samples: number): number {
  return pointsOf(shape) * tilesOf(shape) * samples * 32;
}

/**
 * For some samples of transformed input `a`: all blocks of output channels, each multiplied, transformed back
 * while it is in the first cache, and given its bias and if so a ReLU.
 */
export function emitWinogradForward(emitter: Emitter, shape: WinogradShape, samples: number, relu: boolean) {
  return emitter.module.once(`winograd forward ${samples} ${relu} ${JSON.stringify(shape)}`, () => {
    const { transform, geometry } = shape;
    const { input, output } = geometry;
    const tiles = tilesOf(shape) * samples;
    const points = pointsOf(shape);
    const multiply = emitBlockProducts(emitter, points, tiles, input.channels);
    const channelBytes = output.channels * 4;
    const back = emitter.module.function(["products", "bias", "out"], (f, { products, bias, out }) => {
      const grid = { base: out, grid: output, sampleBytes: sampleStride(output) };
      const from = f.let(i32.add(products, 0));
      forEachTile(f, shape, samples, grid, (pixel) => {
        for (const half of [0, 16]) {
          const x = rowsOf(transform.points, (row, column) =>
            f.let(v128.load(from, (row * transform.points + column) * tiles * 32 + half)),
          );
          const shift = f.let(v128.load(bias, half));
          emitBothWays(f, emitter.arithmetic, transform.output, x).forEach((line, row) => {
            line.forEach((value, column) => {
              const sum = f32x4.add(value, shift);
              const result = relu ? f32x4.pmax(sum, v128.zero()) : sum;
              f.do(v128.store(pixel, result, (row * output.pitch + column) * channelBytes + half));
            });
          });
        }
        f.add(from, 32);
      });
    });
    return emitter.module.function(
      ["a", "weights", "bias", "out", "products"],
      (f, { a, weights, bias, out, products }) => {
        f.for({ to: output.channels / 8 }, () => {
          f.call(multiply, { a, weights, out: products });
          f.call(back, { products, bias, out });
          f.add(weights, points * input.channels * 32);
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
    const multiply = emitBlockProducts(emitter, points, tiles, output.channels);
    const channelBytes = grid.channels * 4;
    const matrix = transposed(transform.input);
    const sampleBytes = sampleStride(grid);
    const back = emitter.module.function(["products", "out"], (f, { products, out }) => {
      const from = f.let(i32.add(products, 0));
      forEachTile(f, shape, samples, { base: out, grid, sampleBytes }, (pixel) => {
        for (const half of [0, 16]) {
          const x = rowsOf(transform.points, (row, column) =>
            f.let(v128.load(from, (row * transform.points + column) * tiles * 32 + half)),
          );
          emitBothWays(f, emitter.arithmetic, matrix, x).forEach((line, row) => {
            line.forEach((value, column) => {
              const offset = (row * grid.pitch + column) * channelBytes + half;
              f.do(v128.store(pixel, f32x4.add(v128.load(pixel, offset), value), offset));
            });
          });
        }
        f.add(from, 32);
      });
    });
    return emitter.module.function(
      ["a", "weights", "out", "products"],
      (f, { a, weights, out, products }) => {
        f.for({ to: input.channels / 8 }, () => {
          f.call(multiply, { a, weights, out: products });
          f.call(back, { products, out });
          f.add(weights, points * output.channels * 32);
          f.add(out, 32);
        });
      },
    );
  });
}

/**
 * For some samples of transformed input `a` and transformed gradient `b`: adds their product over tiles to the
 * gradient of the transformed weights.
 */
export function emitWinogradWeightGradient(emitter: Emitter, shape: WinogradShape, samples: number) {
  return emitter.module.once(`winograd weight gradient ${samples} ${JSON.stringify(shape)}`, () => {
    const { input, output } = shape.geometry;
    const tiles = tilesOf(shape) * samples;
    const points = pointsOf(shape);
    const sizes = evenSplit(input.channels, tileRows);
    const tileOf = (count: number) =>
      emitTile(emitter.module, emitter.arithmetic, {
        rows: Array.from({ length: count }, (_, row) => row * 4),
        outRows: Array.from({ length: count }, (_, row) => row * 32),
        vectors: [
          { weight: 0, out: 0 },
          { weight: 16, out: 16 },
        ],
        aStep: input.channels * 4,
        bStep: output.channels * 4,
        start: "accumulate",
      });
    const blockBytes = points * input.channels * 32;
    return emitter.module.function(["a", "b", "out"], (f, { a, b, out }) => {
      f.for({ to: points }, () => {
        const gradient = f.let(i32.add(b, 0));
        const target = f.let(i32.add(out, 0));
        f.for({ to: output.channels / 8 }, () => {
          let before = 0;
          for (const size of sizes) {
            f.call(tileOf(size), {
              a: i32.add(a, before * 4),
              b: gradient,
              out: i32.add(target, before * 32),
              steps: tiles,
              bias: 0,
            });
            before += size;
          }
          f.add(gradient, 32);
          f.add(target, blockBytes);
        });
        f.add(a, tiles * input.channels * 4);
        f.add(b, tiles * output.channels * 4);
        f.add(out, input.channels * 32);
      });
    });
  });
}
