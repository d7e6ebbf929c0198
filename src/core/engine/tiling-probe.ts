import type { Arithmetic } from "../kernels/arithmetic.js";
import { blockVectors } from "../kernels/block-walk.js";
import { emitTile } from "../kernels/tile.js";
import { fullTileBlocks, narrowTiling, type Tiling, wideTilings } from "../kernels/tiling.js";
import { ModuleBuilder } from "../wasm/index.js";

/** Steps of a tile's loop, and how often it is run in one measurement: some tenths of a millisecond. */
const loopSteps = 256;
const repetitions = 200;
const rounds = 6;

/**
 * Where the tile finds its numbers, in bytes: all of it in the first cache, rows as far apart as pixels are. Rows that
 * lie a large power of two apart hold each other up on some processors.
 */
const places = { a: 0, rowStride: 128, weights: 8 * 1024, blockStride: loopSteps * 32 + 64, out: 40 * 1024 };

/** A full tile's multiply-adds, run some times. */
function emitTileRuns(arithmetic: Arithmetic, tiling: Tiling): () => void {
  const module = new ModuleBuilder({ maximumPages: 1, shared: false });
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const rows = Array.from({ length: tiling.rows }, (_, row) => row);
  const tile = emitTile(module, arithmetic, {
    rows: rows.map((row) => row * places.rowStride),
    outRows: rows.map((row) => row * 32),
    vectors: blockVectors(fullTileBlocks(tiling) * 2, places.blockStride, tiling.rows * 32),
    aStep: 4,
    bStep: 32,
    start: "zero",
  });
  module.function(
    [],
    (f) =>
      f.for({ to: repetitions }, () =>
        f.call(tile, { a: places.a, b: places.weights, out: places.out, steps: loopSteps, bias: 0 }),
      ),
    { exportAs: "run" },
  );
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { engine: { memory } });
  return instance.exports.run as () => void;
}

/** Multiply-adds a millisecond of each tiling's full tile: the best of some rounds taken in turn. */
export function measureTilings(
  arithmetic: Arithmetic,
  tilings: readonly Tiling[],
  now: () => number,
): number[] {
  const runs = tilings.map((tiling) => emitTileRuns(arithmetic, tiling));
  const best = tilings.map(() => 0);
  for (const run of runs) run();
  for (let round = 0; round < rounds; round++)
    runs.forEach((run, index) => {
      const start = now();
      run();
      const work = tilings[index].rows * fullTileBlocks(tilings[index]) * 8 * loopSteps * repetitions;
      best[index] = Math.max(best[index], work / Math.max(now() - start, 1e-3));
    });
  return best;
}

/** How much faster than narrow tiles wide ones must be: by less, nothing was joined. */
const wanted = 1.15;

/** How often wide tiles may be measured: another program may have had the processor meanwhile. Few ask for portable ones. */
const attemptsFor = ({ relaxed }: Arithmetic): number => (relaxed ? 4 : 1);

/**
 * The tiling whose full tile multiplies and adds fastest, the narrow one where none is clearly faster in any of some
 * measurements. A bad measurement costs speed and nothing else.
 */
export function fastestTiling(
  arithmetic: Arithmetic,
  now: () => number,
  measure: typeof measureTilings = measureTilings,
): Tiling {
  for (let attempt = 0; attempt < attemptsFor(arithmetic); attempt++) {
    const [narrow, ...wide] = measure(arithmetic, [narrowTiling, ...wideTilings], now);
    const best = Math.max(...wide);
    // Of equals the one with most rows: it reads each weight for the most pixels.
    if (best > wanted * narrow) return wideTilings[wide.findIndex((rate) => rate > 0.97 * best)];
  }
  return narrowTiling;
}
