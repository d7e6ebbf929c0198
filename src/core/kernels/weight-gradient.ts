import { i32, v128 } from "../wasm/index.js";
import { blockVectors, forBlocks } from "./block-walk.js";
import { type Emitter, forEachRow } from "./emitter.js";
import { emitTile } from "./tile.js";
import { fullTileBlocks, tileGroups, tilingFor } from "./tiling.js";

/** One flat walk over pixels (or samples): where it starts in input and gradient, and how far it goes. */
export interface Walk {
  readonly a: number;
  readonly b: number;
  readonly steps: number;
}

/** Weights that are multiplied along the same walks: all of them, but at padded borders. */
export interface WeightClass {
  /** For each weight row (kernelRow, kernelColumn, in) of the class: its place in the input and in a block. */
  readonly rows: readonly { readonly a: number; readonly row: number }[];
  /** Walks of one sample; with `overSamples`, each walks the batch. */
  readonly walks: readonly Walk[];
}

/**
 * dW[row, channel] = Σ over samples and pixels of input · output gradient, in the weights' packed layout
 * [channels / 8][rows][8]. Sums run in one fixed order: sample by sample, walk by walk, pixel by pixel.
 */
export interface WeightGradientShape {
  readonly classes: readonly WeightClass[];
  readonly aStep: number;
  readonly bStep: number;
  /** Bytes from one sample to the next; with `overSamples` a walk covers the batch and these are unused. */
  readonly aSample: number;
  readonly bSample: number;
  readonly overSamples: boolean;
  /** Whether the gradients of a walk are laid side by side first: every tile of the blocks then reads them there. */
  readonly gathers: boolean;
  readonly blockSteps: number;
  readonly channels: number;
}

/**
 * For some of the classes' weight rows: adds the gradient of `samples` samples into `out`, block by block of
 * eight channels, or with start "zero" puts it there.
 */
export function emitWeightGradient(
  emitter: Emitter,
  shape: WeightGradientShape,
  start: "zero" | "accumulate",
) {
  const { module } = emitter;
  const tiling = tilingFor(emitter.tiling, shape.channels);
  const blockBytes = shape.blockSteps * 32;
  const atOnce = fullTileBlocks(tiling);

  /** (a, b, out, steps): every tile of a class along one walk, some blocks. */
  const emitPass = (weightClass: WeightClass, vectorCount: number) =>
    module.function(["a", "b", "out", "steps"], (f, { a, b, out, steps }) => {
      const places = weightClass.rows.map(({ a: from, row }) => ({ a: from, out: row * 32 }));
      for (const group of tileGroups(places, tiling)) {
        const tile = emitTile(module, emitter.arithmetic, {
          rows: group.rows,
          outRows: group.outRows,
          vectors: blockVectors(vectorCount, 32, blockBytes),
          aStep: shape.aStep,
          bStep: shape.gathers ? gatheredRow(emitter) : shape.bStep,
          start,
        });
        forEachRow(
          emitter,
          f,
          group.tiles.map((place) => [place.a, place.out]),
          (fromA, fromOut) => {
            f.call(tile, {
              a: i32.add(a, fromA),
              b,
              out: i32.add(out, fromOut),
              steps,
              bias: 0,
            });
          },
        );
      }
    });
  return module.function(
    ["a", "b", "out", "firstBlock", "endBlock", "samples", "scratch"],
    (f, { a, b, out, firstBlock, endBlock, samples, scratch }) => {
      f.for({ to: shape.overSamples ? 1 : samples }, () => {
        for (const weightClass of shape.classes) {
          const passes = new Map<number, ReturnType<typeof emitPass>>();
          const passOf = (vectors: number) => {
            const pass = passes.get(vectors) ?? emitPass(weightClass, vectors);
            passes.set(vectors, pass);
            return pass;
          };
          forEachRow(
            emitter,
            f,
            weightClass.walks.map((walk) => [walk.a, walk.b, walk.steps]),
            (fromA, fromB, steps) => {
              const walkA = f.let(i32.add(a, fromA));
              const blocks = { channels: shape.channels, firstBlock, endBlock };
              forBlocks(f, blocks, atOnce, (block, vectors) => {
                let walkB = f.let(i32.add(i32.add(b, fromB), i32.mul(block, 32)));
                if (shape.gathers) {
                  const gather = emitGatherRows(emitter, shape, vectors);
                  f.call(gather, { from: walkB, to: scratch, rows: steps });
                  walkB = scratch;
                }
                f.call(passOf(vectors), {
                  a: walkA,
                  b: walkB,
                  out: i32.add(out, i32.mul(block, blockBytes)),
                  steps,
                });
              });
            },
          );
        }
        f.add(a, shape.aSample);
        f.add(b, shape.bSample);
      });
    },
  );
}

/** Whether every weight is reached by one walk alone: then its gradient needs no zero to begin with. */
export function writesOnce({ overSamples, classes, blockSteps }: WeightGradientShape): boolean {
  const reached = classes.reduce((sum, { rows }) => sum + rows.length, 0);
  return overSamples && classes.every(({ walks }) => walks.length === 1) && reached === blockSteps;
}

/** Bytes of the thread's scratch that a walk over so many samples wants. */
export const gatheredBytes = (emitter: Emitter, shape: WeightGradientShape): number =>
  shape.gathers
    ? Math.max(0, ...shape.classes.flatMap(({ walks }) => walks.map(({ steps }) => steps))) *
      gatheredRow(emitter)
    : 0;

/** Bytes of the blocks that a walk takes at once. */
const gatheredRow = ({ tiling }: Emitter): number => fullTileBlocks(tiling) * 32;

/**
 * Some blocks' channels of rows `bStep` apart, side by side. The rows of a batch lie on more pages than the
 * translation buffer has entries for; every tile of the blocks then walks two or three.
 */
function emitGatherRows(emitter: Emitter, { bStep }: WeightGradientShape, vectors: number) {
  return emitter.module.once(`gather rows ${bStep} ${vectors}`, () =>
    emitter.module.function(["from", "to", "rows"], (f, { from, to, rows }) => {
      f.for({ to: rows }, () => {
        for (let vector = 0; vector < vectors; vector++)
          f.do(v128.store(to, v128.load(from, vector * 16), vector * 16));
        f.add(from, bStep);
        f.add(to, gatheredRow(emitter));
      });
    }),
  );
}
