import { f32x4, i32, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";

/** Rows of numbers, in groups that may stand apart. */
export interface RowWalk {
  readonly groups: number;
  readonly groupBytes: number;
  /** Rows of a group. */
  readonly rows: number;
  readonly rowBytes: number;
  /** Whether each group has a sum of its own first: a long sum loses what is small. */
  readonly parts?: boolean;
}

/**
 * out[channel] = or += Σ over rows of from[row][channel] for `vectors` vectors of four channels: a bias's
 * gradient, in one fixed order.
 */
export function emitColumnSums(
  emitter: Emitter,
  vectors: number,
  walk: RowWalk,
  start: "zero" | "accumulate",
) {
  const { groups, groupBytes, rows, rowBytes, parts } = walk;
  return emitter.module.once(`column sums ${vectors} ${start} ${JSON.stringify(walk)}`, () =>
    emitter.module.function(["from", "out"], (f, { from, out }) => {
      const sums = Array.from({ length: vectors }, (_, vector) =>
        f.let(start === "zero" ? v128.zero() : v128.load(out, vector * 16)),
      );
      const own = parts ? sums.map(() => f.local("v128")) : sums;
      f.for({ to: groups }, () => {
        if (parts) for (const sum of own) f.set(sum, v128.zero());
        f.for({ to: rows }, () => {
          own.forEach((sum, vector) => {
            f.set(sum, f32x4.add(sum, v128.load(from, vector * 16)));
          });
          f.add(from, rowBytes);
        });
        if (parts) for (const [vector, sum] of sums.entries()) f.set(sum, f32x4.add(sum, own[vector]));
        f.add(from, groupBytes - rows * rowBytes);
      });
      sums.forEach((sum, vector) => {
        f.do(v128.store(out, sum, vector * 16));
      });
    }),
  );
}

/** out = Σ of `parts` vectors `partBytes` apart, first to last, for out up to end. */
export function emitPartsSum(emitter: Emitter, parts: number, partBytes: number) {
  return emitter.module.once(`parts sum ${parts} ${partBytes}`, () =>
    emitter.module.function(["from", "out", "end"], (f, { from, out, end }) => {
      /** Vectors side by side, each summed over the parts. */
      const some = (offsets: readonly number[]): void => {
        const sums = offsets.map((at) => f.let(v128.load(from, at)));
        const part = f.let(i32.add(from, partBytes));
        f.for({ from: 1, to: parts }, () => {
          for (const [index, sum] of sums.entries())
            f.set(sum, f32x4.add(sum, v128.load(part, offsets[index])));
          f.add(part, partBytes);
        });
        for (const [index, sum] of sums.entries()) f.do(v128.store(out, sum, offsets[index]));
        f.add(from, offsets.length * 16);
        f.add(out, offsets.length * 16);
      };
      if (emitter.tiling.pairs) {
        const last = f.let(i32.sub(end, 48));
        f.while(i32.ltU(out, last), () => some([0, 16, 32, 48]));
      }
      f.while(i32.ltU(out, end), () => some([0]));
    }),
  );
}
