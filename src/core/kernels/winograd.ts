import { type FunctionBuilder, type FunctionReference, f32x4, type I32, i32, v128 } from "../wasm/index.js";
import { type ConvolutionGeometry, type Grid, gridBytes, sampleStride } from "./convolution.js";
import type { Emitter } from "./emitter.js";
import { emitTile } from "./tile.js";
import { evenSplit, tileRows } from "./tiling.js";
import { emitZero } from "./weight-gradient.js";
import {
  emitBothWays,
  transposed,
  type WinogradTransform,
  winograd2,
  winograd3,
} from "./winograd-transforms.js";

/**
 * A 3 × 3 convolution as products of transformed tiles. Tiles of m × m outputs lie side by side; for each of
 * the (m + 2)² points, transformed inputs [tiles][in] times transformed weights [in][out] give transformed
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
}

/** Fewer channels than this, and the transforms cost more than the products they save. */
const fewestChannels = 16;

/** How to compute a convolution by Winograd's tiles, or nothing where it does not fit. */
export function winogradShape(geometry: ConvolutionGeometry): WinogradShape | undefined {
  const { input, output, kernelSize, strides } = geometry;
  if (kernelSize.join() !== "3,3" || strides.join() !== "1,1") return undefined;
  if (Math.min(input.channels, output.channels) < fewestChannels) return undefined;
  if (input.channels % 8 !== 0 || output.channels % 8 !== 0) return undefined;
  const transform = [winograd3, winograd2].find(
    ({ outputs }) => output.height % outputs === 0 && output.width % outputs === 0,
  );
  if (!transform) return undefined;
  const { outputs } = transform;
  return { transform, geometry, tilesDown: output.height / outputs, tilesAcross: output.width / outputs };
}

export const pointsOf = ({ transform }: WinogradShape): number => transform.points ** 2;

export const tilesOf = ({ tilesDown, tilesAcross }: WinogradShape): number => tilesDown * tilesAcross;

/** Bytes of transformed weights. */
export function transformedWeightBytes(shape: WinogradShape): number {
  const { input, output } = shape.geometry;
  return pointsOf(shape) * input.channels * output.channels * 4;
}

/** Scratch bytes for the transformed tiles of some samples, of so many channels. */
export function transformedBytes(shape: WinogradShape, samples: number, channels: number): number {
  return pointsOf(shape) * tilesOf(shape) * samples * channels * 4;
}

/** The input with the zeros that its tiles reach into, or the input itself where they reach into none. */
export function borderedInput({ geometry }: WinogradShape): Grid | undefined {
  const { input, output, padding } = geometry;
  if (padding[0] + padding[1] === 0) return undefined;
  return {
    height: output.height + 2,
    width: output.width + 2,
    pitch: output.width + 2,
    channels: input.channels,
  };
}

/** Emits (image, bordered) for one sample, or with `back` (bordered, image): the part that both hold. */
export function emitBorder(emitter: Emitter, shape: WinogradShape, back: boolean): FunctionReference {
  const { input, padding } = shape.geometry;
  const grid = borderedInput(shape)!;
  const zero = emitZero(emitter);
  const width = Math.min(input.width, grid.width - padding[1]);
  return emitter.module.function(2, (f, from, to) => {
    if (!back) f.call(zero, to, i32.add(to, gridBytes(grid)));
    else f.call(zero, to, i32.add(to, gridBytes(input)));
    f.for({ to: Math.min(input.height, grid.height - padding[0]) }, (y) => {
      const inner = i32.mul(
        i32.add(i32.mul(i32.add(y, padding[0]), grid.pitch), padding[1]),
        grid.channels * 4,
      );
      const outer = i32.mul(y, input.pitch * input.channels * 4);
      const source = f.let(i32.add(from, back ? inner : outer));
      const target = f.let(i32.add(to, back ? outer : inner));
      f.for({ to: width * input.channels * 4, step: 16 }, (at) => {
        f.do(v128.store(i32.add(target, at), v128.load(i32.add(source, at))));
      });
    });
  });
}

/** Runs the body for every tile of some samples, in order: its first pixel in a grid, and its number's bytes. */
function forEachTile(
  f: FunctionBuilder,
  shape: WinogradShape,
  samples: number,
  grid: { readonly base: I32; readonly grid: Grid; readonly sampleBytes: number },
  body: (pixel: I32, tile: I32) => void,
): void {
  const step = shape.transform.outputs * grid.grid.channels * 4;
  const tile = f.let(i32.const(0));
  f.for({ to: samples }, (sample) => {
    const start = f.let(i32.add(grid.base, i32.mul(sample, grid.sampleBytes)));
    f.for({ to: shape.tilesDown }, (down) => {
      const pixel = f.let(i32.add(start, i32.mul(down, step * grid.grid.pitch)));
      f.for({ to: shape.tilesAcross }, () => {
        body(pixel, tile);
        f.add(pixel, step);
        f.add(tile, 1);
      });
    });
  });
}

const square = (size: number): [number, number][] =>
  Array.from({ length: size * size }, (_, index) => [Math.floor(index / size), index % size]);

const rowsOf = <T>(size: number, of: (row: number, column: number) => T): T[][] =>
  Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, column) => of(row, column)));

/**
 * Emits (image, transformed) for some samples: Bᵀ d B of input tiles, or with `gradient` A dy Aᵀ of the output
 * gradient's.
 */
export function emitTileTransform(
  emitter: Emitter,
  shape: WinogradShape,
  samples: number,
  gradient: boolean,
): FunctionReference {
  const { transform, geometry } = shape;
  const grid = gradient ? geometry.output : (borderedInput(shape) ?? geometry.input);
  const matrix = gradient ? transposed(transform.output) : transform.input;
  const size = gradient ? transform.outputs : transform.points;
  const tiles = tilesOf(shape) * samples;
  const channelBytes = grid.channels * 4;
  return emitter.module.function(2, (f, image, to) => {
    const sampleBytes = sampleStride(grid);
    forEachTile(f, shape, samples, { base: image, grid, sampleBytes }, (pixel, tile) => {
      const target = f.let(i32.add(to, i32.mul(tile, channelBytes)));
      f.for({ to: channelBytes, step: 16 }, (channel) => {
        const at = f.let(i32.add(pixel, channel));
        const out = f.let(i32.add(target, channel));
        const x = rowsOf(size, (row, column) =>
          f.let(v128.load(at, (row * grid.pitch + column) * channelBytes)),
        );
        emitBothWays(f, emitter.arithmetic, matrix, x)
          .flat()
          .forEach((value, point) => {
            f.do(v128.store(out, value, point * tiles * channelBytes));
          });
      });
    });
  });
}

/** Emits (a, weights, out): [points][tiles][inChannels] times one block of weights, to [points][tiles][8]. */
function emitBlockProducts(
  emitter: Emitter,
  points: number,
  tiles: number,
  inChannels: number,
): FunctionReference {
  const { module, arithmetic } = emitter;
  const sizes = evenSplit(tiles, tileRows);
  const vectors = [
    { weight: 0, out: 0 },
    { weight: 16, out: 16 },
  ];
  const tileOf = (count: number): FunctionReference =>
    emitTile(module, arithmetic, {
      rows: Array.from({ length: count }, (_, row) => row * inChannels * 4),
      outRows: Array.from({ length: count }, (_, row) => row * 32),
      vectors,
      aStep: 4,
      bStep: 32,
      start: "zero",
    });
  return module.once(`winograd products ${points} ${tiles} ${inChannels}`, () =>
    module.function(3, (f, a, weights, out) => {
      f.for({ to: points }, () => {
        let before = 0;
        for (const size of sizes) {
          f.call(
            tileOf(size),
            i32.add(a, before * inChannels * 4),
            weights,
            i32.add(out, before * 32),
            inChannels,
            0,
          );
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
 * Emits (transformed, weights, bias, out, products) for some samples: all blocks of output channels, each
 * multiplied, transformed back while it is in the first cache, and given its bias and if so a ReLU.
 */
export function emitWinogradForward(
  emitter: Emitter,
  shape: WinogradShape,
  samples: number,
  relu: boolean,
): FunctionReference {
  const { transform, geometry } = shape;
  const { input, output } = geometry;
  const tiles = tilesOf(shape) * samples;
  const points = pointsOf(shape);
  const multiply = emitBlockProducts(emitter, points, tiles, input.channels);
  const channelBytes = output.channels * 4;
  const back = emitter.module.function(3, (f, products, bias, out) => {
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
  return emitter.module.function(5, (f, a, weights, bias, out, products) => {
    f.for({ to: output.channels / 8 }, () => {
      f.call(multiply, a, weights, products);
      f.call(back, products, bias, out);
      f.add(weights, points * input.channels * 32);
      f.add(bias, 32);
      f.add(out, 32);
    });
  });
}

/**
 * Emits (transformed gradient, transposed weights, out, products) for some samples: the input's gradient,
 * B p Bᵀ of each tile's products added where tiles overlap. `out` is a bordered or a plain input grid.
 */
export function emitWinogradDataGradient(
  emitter: Emitter,
  shape: WinogradShape,
  samples: number,
): FunctionReference {
  const { transform, geometry } = shape;
  const { input, output } = geometry;
  const grid = borderedInput(shape) ?? input;
  const tiles = tilesOf(shape) * samples;
  const points = pointsOf(shape);
  const multiply = emitBlockProducts(emitter, points, tiles, output.channels);
  const zero = emitZero(emitter);
  const channelBytes = grid.channels * 4;
  const matrix = transposed(transform.input);
  const sampleBytes = sampleStride(grid);
  const back = emitter.module.function(2, (f, products, out) => {
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
  return emitter.module.function(4, (f, a, weights, out, products) => {
    f.for({ to: samples }, (sample) => {
      const start = f.let(i32.add(out, i32.mul(sample, sampleBytes)));
      f.call(zero, start, i32.add(start, gridBytes(grid)));
    });
    f.for({ to: input.channels / 8 }, () => {
      f.call(multiply, a, weights, products);
      f.call(back, products, out);
      f.add(weights, points * output.channels * 32);
      f.add(out, 32);
    });
  });
}

/**
 * Emits (transformed input, transformed gradient, out) for some samples: adds their product over tiles to the
 * gradient of the transformed weights.
 */
export function emitWinogradWeightGradient(
  emitter: Emitter,
  shape: WinogradShape,
  samples: number,
): FunctionReference {
  const { input, output } = shape.geometry;
  const tiles = tilesOf(shape) * samples;
  const points = pointsOf(shape);
  const sizes = evenSplit(input.channels, tileRows);
  const tileOf = (count: number): FunctionReference =>
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
  return emitter.module.function(3, (f, a, b, out) => {
    f.for({ to: points }, () => {
      const gradient = f.let(i32.add(b, 0));
      const target = f.let(i32.add(out, 0));
      f.for({ to: output.channels / 8 }, () => {
        let before = 0;
        for (const size of sizes) {
          f.call(tileOf(size), i32.add(a, before * 4), gradient, i32.add(target, before * 32), tiles, 0);
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
}

/**
 * Emits (from, to, block): one block of eight output channels of packed weights into G g Gᵀ, or with `back`
 * the gradient of transformed weights into that of the weights, Gᵀ u G.
 */
export function emitWeightTransform(
  emitter: Emitter,
  shape: WinogradShape,
  back: boolean,
): FunctionReference {
  const { transform, geometry } = shape;
  const { channels } = geometry.input;
  const matrix = back ? transposed(transform.weight) : transform.weight;
  const [fromSize, toSize] = back ? [transform.points, 3] : [3, transform.points];
  return emitter.module.function(3, (f, from, to, block) => {
    const rowBytes = channels * 32;
    const source = f.let(i32.add(from, i32.mul(block, fromSize * fromSize * rowBytes)));
    const target = f.let(i32.add(to, i32.mul(block, toSize * toSize * rowBytes)));
    f.for({ to: rowBytes, step: 16 }, (at) => {
      const x = rowsOf(fromSize, (row, column) =>
        f.let(v128.load(i32.add(source, at), (row * fromSize + column) * rowBytes)),
      );
      const results = emitBothWays(f, emitter.arithmetic, matrix, x);
      for (const [row, column] of square(toSize))
        f.do(v128.store(i32.add(target, at), results[row][column], (row * toSize + column) * rowBytes));
    });
  });
}
