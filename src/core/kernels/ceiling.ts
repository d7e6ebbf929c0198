import { i32 } from "../wasm/index.js";
import { blockVectors } from "./block-walk.js";
import type { Emitter } from "./emitter.js";
import { emitTile } from "./tile.js";
import { fullTileBlocks, type Tiling } from "./tiling.js";

const steps = 256;
const runs = 400;

/** Floating-point operations of one task of the ceiling. */
export const ceilingTaskFlops = (tiling: Tiling): number =>
  2 * tiling.rows * fullTileBlocks(tiling) * 8 * steps * runs;

/**
 * Emits a task that does nothing but multiply and add: a full register tile over numbers that stay in the first cache.
 * What it reaches is the machine's multiply-add rate with vectors as wide as they are, the measure of every kernel.
 *
 * @param memory of 24 KiB
 */
export function emitCeilingTask(emitter: Emitter, memory: number) {
  const { rows } = emitter.tiling;
  const each = Array.from({ length: rows }, (_, row) => row);
  const tile = emitTile(emitter.module, emitter.arithmetic, {
    rows: each.map((row) => row * 4),
    outRows: each.map((row) => row * 32),
    vectors: blockVectors(fullTileBlocks(emitter.tiling) * 2, steps * 32, rows * 32),
    aStep: 4,
    bStep: 32,
    start: "zero",
  });
  return emitter.module.function(["task", "scratch"], (f, { scratch }) => {
    f.for({ to: runs }, () =>
      f.call(tile, { a: memory, b: memory + 2048, out: i32.add(scratch, 0), steps, bias: 0 }),
    );
  });
}
