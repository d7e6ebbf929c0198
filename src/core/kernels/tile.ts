import { f32x4, i32, type ModuleBuilder, v128 } from "../wasm/index.js";
import type { Arithmetic } from "./arithmetic.js";
import { type Rectifier, rectified } from "./rectifier.js";

/**
 * A register tile of a matrix product: rows × vectors accumulators of four lanes, held in registers over one
 * flat loop. In step k, row r reads one number at a + rows[r] + k·aStep and vector v four numbers at
 * b + vectors[v].weight + k·bStep; their product is added to accumulator (r, v), which belongs at
 * out + outRows[r] + vectors[v].out. All offsets are bytes.
 */
export interface TileShape {
  readonly rows: readonly number[];
  readonly outRows: readonly number[];
  readonly vectors: readonly { readonly weight: number; readonly out: number }[];
  readonly aStep: number;
  readonly bStep: number;
  /** What the accumulators begin with: nothing, four numbers a vector at `bias`, or what `out` holds. */
  readonly start: "zero" | "bias" | "accumulate";
}

/**
 * Emits a function (a, b, out, steps, bias). It holds exactly one loop, no branch beside it, and after it
 * nothing but stores: V8 reorders anything richer, or runs out of registers in the loop, at a third to three
 * quarters of the speed (docs/engine.md).
 */
export function emitTile(module: ModuleBuilder, arithmetic: Arithmetic, shape: TileShape) {
  return module.once(`tile ${JSON.stringify(shape)}`, () =>
    module.function(["a", "b", "out", "steps", "bias"], (f, { a, b, out, steps, bias }) => {
      const { rows, outRows, vectors, aStep, bStep, start } = shape;
      const accumulators = rows.map((_, row) =>
        vectors.map((vector) =>
          f.let(
            start === "zero"
              ? v128.zero()
              : start === "bias"
                ? v128.load(bias, vector.out)
                : v128.load(out, outRows[row] + vector.out),
          ),
        ),
      );
      const weights = vectors.map(() => f.local("v128"));
      const input = f.local("v128");
      const step = f.let(i32.const(0));
      f.while(i32.ltU(step, steps), () => {
        vectors.forEach((vector, v) => {
          f.set(weights[v], v128.load(b, vector.weight));
        });
        rows.forEach((offset, row) => {
          f.set(input, v128.load32Splat(a, offset));
          vectors.forEach((_, v) => {
            const accumulator = accumulators[row][v];
            f.set(accumulator, arithmetic.madd(input, weights[v], accumulator));
          });
        });
        f.add(a, aStep);
        f.add(b, bStep);
        f.add(step, 1);
      });
      rows.forEach((_, row) => {
        vectors.forEach((vector, v) => {
          f.do(v128.store(out, accumulators[row][v], outRows[row] + vector.out));
        });
      });
    }),
  );
}

/** What a tile left aside, and what it is added to: rows and vectors of both. */
export interface TileSums extends Pick<TileShape, "outRows" | "vectors"> {
  readonly fromRows: readonly number[];
  readonly from: readonly { readonly out: number }[];
}

/** Emits a function (from, out): a tile's numbers added to another's. */
export function emitTileAdd(module: ModuleBuilder, { outRows, vectors, fromRows, from }: TileSums) {
  const places = outRows.flatMap((row, r) =>
    vectors.map(({ out }, v) => ({ out: row + out, from: fromRows[r] + from[v].out })),
  );
  return module.once(`tile add ${JSON.stringify(places)}`, () =>
    module.function(["from", "out"], (f, { from, out }) => {
      for (let at = 0; at < places.length; at += 2)
        f.together(places.slice(at, at + 2), (place) => {
          const sum = f.let(f32x4.add(v128.load(out, place.out), v128.load(from, place.from)));
          f.do(v128.store(out, sum, place.out));
        });
    }),
  );
}

/** Emits a function (out): a rectifier over what a tile has just stored. Inside the tile it would cost a third. */
export function emitTileRectifier(
  module: ModuleBuilder,
  shape: Pick<TileShape, "outRows" | "vectors">,
  rectifier: Rectifier,
) {
  const offsets = shape.outRows.flatMap((row) => shape.vectors.map((vector) => row + vector.out));
  return module.once(`tile ${rectifier} ${offsets}`, () =>
    module.function(["out"], (f, { out }) => {
      // Two at once: a runtime that joins neighbours does so where nothing is stored between what it loads.
      for (let at = 0; at < offsets.length; at += 2)
        f.together(offsets.slice(at, at + 2), (offset) => {
          const value = f.let(rectified(v128.load(out, offset), rectifier));
          f.do(v128.store(out, value, offset));
        });
    }),
  );
}
