import { i32 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";
import { emitTile } from "./tile.js";

/** Floating-point operations of one task of the ceiling. */
export const ceilingTaskFlops = 2 * 6 * 8 * 256 * 400;

/**
 * Emits a task that does nothing but multiply and add: a 6 × 8 register tile over numbers that stay in the
 * first cache. What it reaches is the machine's 128-bit multiply-add rate, the measure of every kernel.
 */
export function emitCeilingTask(emitter: Emitter, memory: number) {
  const tile = emitTile(emitter.module, emitter.arithmetic, {
    rows: [0, 4, 8, 12, 16, 20],
    outRows: [0, 32, 64, 96, 128, 160],
    vectors: [
      { weight: 0, out: 0 },
      { weight: 16, out: 16 },
    ],
    aStep: 4,
    bStep: 32,
    start: "zero",
  });
  return emitter.module.function(["task", "scratch"], (f, { scratch }) => {
    f.for({ to: 400 }, () =>
      f.call(tile, { a: memory, b: memory + 2048, out: i32.add(scratch, 0), steps: 256, bias: 0 }),
    );
  });
}
