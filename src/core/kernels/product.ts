import { i32 } from "../wasm/index.js";
import { blockVectors, forBlocks } from "./block-walk.js";
import { type Emitter, forEachRow } from "./emitter.js";
import type { Rectifier } from "./rectifier.js";
import { emitTile, emitTileAdd, emitTileRectifier, type TileShape } from "./tile.js";
import {
  evenSplit,
  type Place,
  type TileGroup,
  type Tiling,
  tileGroups,
  tilingEfficiency,
  tilingFor,
} from "./tiling.js";

/** A contiguous run of products: input numbers from `a` on with weight rows from `b` on. */
export interface Segment {
  /** Bytes from a pixel's place in the input. */
  readonly a: number;
  /** Bytes from the start of a weight block. */
  readonly b: number;
  readonly steps: number;
}

/** Output pixels that all see the same segments, relative to where each stands. */
export interface PixelClass {
  readonly pixels: readonly Place[];
  readonly segments: readonly Segment[];
}

/**
 * An implicit matrix product over a batch: out[n, pixel, channel] = Σ over segments and steps of
 * input · weight. A convolution's forward pass, its data gradient and a dense layer all are one.
 * Weights lie in blocks of eight output channels, [channels / 8][steps][8]. Long sums are made of parts.
 */
export interface ProductShape {
  readonly classes: readonly PixelClass[];
  /** Bytes from one sample to the next. */
  readonly aSample: number;
  readonly outSample: number;
  /** Rows of a weight block. */
  readonly blockSteps: number;
  /** Output channels, a multiple of four. */
  readonly channels: number;
  readonly start: "zero" | "bias" | "accumulate";
  readonly finish: "store" | Rectifier;
}

/** Bytes of the packed weights. */
export function packedBytes(shape: { blockSteps: number; channels: number }): number {
  return Math.ceil(shape.channels / 8) * shape.blockSteps * 32;
}

/** How many samples to take at once so that tiles come out full. */
export function samplesAtOnce(shape: ProductShape, batch: number, machine: Tiling): number {
  const tiling = tilingFor(machine, shape.channels);
  const efficiency = (samples: number): number =>
    tilingEfficiency(
      shape.classes.map(({ pixels, segments }) => ({
        places: pixels.length * samples,
        steps: segments.reduce((sum, { steps }) => sum + steps, 0),
      })),
      tiling,
    );
  const choices = Array.from({ length: Math.min(6, batch) }, (_, index) => index + 1);
  const best = Math.max(...choices.map(efficiency));
  return choices.find((samples) => efficiency(samples) >= 0.985 * best)!;
}

/** Blocks of output channels that the tiles of a product over so many samples take at once, at most. */
export function mostBlocksAtOnce(
  { classes, channels }: ProductShape,
  samples: number,
  machine: Tiling,
): number {
  const tiling = tilingFor(machine, channels);
  const sizes = classes.flatMap(({ pixels }) => evenSplit(pixels.length * samples, tiling.rows));
  return Math.max(1, ...sizes.map((size) => tiling.blocks[size]));
}

/** Tiles of one pattern and what they see. */
interface Work {
  readonly group: TileGroup;
  readonly segments: readonly Segment[];
}

/** Sums of up to so many products are one float32 that they are added to in turn: about as exact as others make them. */
export const longestSum = 1280;

/** Longer ones are sums of such parts: the error of each is its own, and the parts are few. */
const partOfSum = 256;

/** Runs of products, each to be summed for itself. */
function partsOfSum(segments: readonly Segment[]): Segment[][] {
  const steps = segments.reduce((sum, segment) => sum + segment.steps, 0);
  if (steps <= longestSum) return [[...segments]];
  const parts: Segment[][] = [[]];
  let room = partOfSum;
  for (const { a, b, steps } of segments)
    for (let done = 0; done < steps; ) {
      if (room === 0) {
        parts.push([]);
        room = partOfSum;
      }
      const some = Math.min(room, steps - done);
      parts[parts.length - 1].push({ a: a + done * 4, b: b + done * 32, steps: some });
      done += some;
      room -= some;
    }
  return parts;
}

/** Bytes of the thread's scratch that a product wants: a tile's sums, where they are made of parts. */
export function productScratch({ classes, channels }: ProductShape, machine: Tiling): number {
  if (classes.every(({ segments }) => partsOfSum(segments).length === 1)) return 0;
  const { blocks } = tilingFor(machine, channels);
  return Math.max(...blocks.map((count, rows) => count * 32 * rows));
}

/** One function calls about so many tiles at most: runtimes refuse functions beyond some megabytes. */
const callsAtMost = 50_000;

function partsOf(work: readonly Work[], mostCalls: number): Work[][] {
  const parts: Work[][] = [[]];
  let calls = 0;
  for (const each of work) {
    calls += each.segments.length;
    if (calls > mostCalls) {
      parts.push([]);
      calls = each.segments.length;
    }
    parts[parts.length - 1].push(each);
  }
  return parts;
}

/**
 * The product for `groups` runs of `samples` samples each and some blocks of output channels. A block's weights
 * stay in the first cache while all samples pass. `scratch` has room for `productScratch`.
 *
 * @param mostCalls tiles that one function calls, about
 */
export function emitProduct(emitter: Emitter, shape: ProductShape, samples: number, mostCalls = callsAtMost) {
  const { module } = emitter;
  const tiling = tilingFor(emitter.tiling, shape.channels);
  const byBlocks = new Map<number, Work[]>();
  for (const { pixels, segments } of shape.classes) {
    const places = Array.from({ length: samples }, (_, sample) =>
      pixels.map(({ a, out }) => ({ a: a + sample * shape.aSample, out: out + sample * shape.outSample })),
    ).flat();
    for (const group of tileGroups(places, tiling)) {
      const blocks = tiling.blocks[group.rows.length];
      byBlocks.set(blocks, [...(byBlocks.get(blocks) ?? []), { group, segments }]);
    }
  }
  const blockBytes = shape.blockSteps * 32;

  /** (a, weights, out, bias): some tiles of one run of samples over `vectorCount` vectors of channels. */
  const emitPart = (work: readonly Work[], vectorCount: number) =>
    module.function(["a", "weights", "out", "bias", "scratch"], (f, { a, weights, out, bias, scratch }) => {
      const vectors = blockVectors(vectorCount, blockBytes, 32);
      const aside = vectors.map(({ weight }, vector) => ({ weight, out: vector * 16 }));
      for (const { group, segments } of work) {
        const { rows, outRows } = group;
        const asideRows = rows.map((_, row) => row * vectorCount * 16);
        const [first, ...others] = partsOfSum(segments.length > 0 ? segments : [{ a: 0, b: 0, steps: 0 }]);
        const steps = { rows, aStep: 4, bStep: 32 };
        const tile = (start: TileShape["start"]) =>
          emitTile(module, emitter.arithmetic, { ...steps, outRows, vectors, start });
        const tileAside = (start: TileShape["start"]) =>
          emitTile(module, emitter.arithmetic, { ...steps, outRows: asideRows, vectors: aside, start });
        const tiles = first.map((run, index) => ({
          run,
          tile: tile(index === 0 ? shape.start : "accumulate"),
        }));
        const tilesAside = others.map((part) =>
          part.map((run, index) => ({ run, tile: tileAside(index === 0 ? "zero" : "accumulate") })),
        );
        const sums = { outRows, vectors, fromRows: asideRows, from: aside };
        const add = tilesAside.length > 0 ? emitTileAdd(module, sums) : undefined;
        const { finish } = shape;
        const rectify =
          finish === "store" ? undefined : emitTileRectifier(module, { outRows, vectors }, finish);
        const places = group.tiles.map((tile) => [tile.a, tile.out]);
        forEachRow(emitter, f, places, (fromA, fromOut) => {
          const tileA = f.let(i32.add(a, fromA));
          const tileOut = f.let(i32.add(out, fromOut));
          const at = (run: Segment) => ({
            a: i32.add(tileA, run.a),
            b: i32.add(weights, run.b),
            steps: run.steps,
            bias,
          });
          for (const { run, tile } of tiles) f.call(tile, { ...at(run), out: tileOut });
          for (const part of tilesAside) {
            for (const { run, tile } of part) f.call(tile, { ...at(run), out: scratch });
            if (add) f.call(add, { from: scratch, out: tileOut });
          }
          if (rectify) f.call(rectify, { out: tileOut });
        });
      }
    });

  /** The same for all tiles. */
  const emitPass = (work: readonly Work[], vectorCount: number) => {
    const parts = partsOf(work, mostCalls).map((part) => emitPart(part, vectorCount));
    if (parts.length === 1) return parts[0];
    return module.function(["a", "weights", "out", "bias", "scratch"], (f, args) => {
      for (const part of parts) f.call(part, args);
    });
  };

  return module.function(
    ["a", "weights", "out", "bias", "firstBlock", "endBlock", "groups", "scratch"],
    (f, { a, weights, out, bias, firstBlock, endBlock, groups, scratch }) => {
      for (const [atOnce, work] of byBlocks)
        forBlocks(f, { channels: shape.channels, firstBlock, endBlock }, atOnce, (block, vectors) => {
          const pass = emitPass(work, vectors);
          const groupA = f.let(a);
          const groupOut = f.let(i32.add(out, i32.mul(block, 32)));
          const groupWeights = f.let(i32.add(weights, i32.mul(block, blockBytes)));
          const groupBias = f.let(i32.add(bias, i32.mul(block, 32)));
          f.for({ to: groups }, () => {
            f.call(pass, { a: groupA, weights: groupWeights, out: groupOut, bias: groupBias, scratch });
            f.add(groupA, samples * shape.aSample);
            f.add(groupOut, samples * shape.outSample);
          });
        });
    },
  );
}
