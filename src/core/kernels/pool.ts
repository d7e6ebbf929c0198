import { f32x4, i32, i32x4, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";
import { emitZero } from "./fill.js";
import { type Grid, gridBytes } from "./grid.js";

export interface PoolShape {
  readonly kind: "max" | "average";
  readonly input: Grid;
  readonly output: Grid;
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
}

const windowOffsets = ({ input, poolSize }: PoolShape): number[] =>
  Array.from({ length: poolSize[0] * poolSize[1] }, (_, place) => {
    const row = Math.floor(place / poolSize[1]);
    return (row * input.pitch + (place % poolSize[1])) * input.channels * 4;
  });

/**
 * Emits (from, to, winners) for one sample. A max-pool notes in one byte which place of the window won,
 * the first of equals, for the way back; `keepWinners: false` leaves that out.
 */
export function emitPool(emitter: Emitter, shape: PoolShape, keepWinners: boolean) {
  const { kind, input, output, strides } = shape;
  const offsets = windowOffsets(shape);
  return emitter.module.function(["from", "to", "winners"], (f, { from, to, winners }) => {
    f.for({ to: output.height }, (y) => {
      const row = f.let(i32.add(from, i32.mul(y, strides[0] * input.pitch * input.channels * 4)));
      const outRow = f.let(i32.add(to, i32.mul(y, output.pitch * output.channels * 4)));
      const winnerRow = f.let(i32.add(winners, i32.mul(y, output.width * output.channels)));
      f.for({ to: output.width }, () => {
        f.for({ to: output.channels * 4, step: 16 }, (channel) => {
          const at = f.let(i32.add(row, channel));
          const best = f.let(v128.load(at, offsets[0]));
          if (kind === "average") {
            for (const offset of offsets.slice(1)) f.set(best, f32x4.add(best, v128.load(at, offset)));
            f.set(best, f32x4.mul(best, f32x4.const(1 / offsets.length)));
          } else {
            const winner = f.let(v128.zero());
            offsets.slice(1).forEach((offset, index) => {
              const value = f.let(v128.load(at, offset));
              const wins = f.let(f32x4.gt(value, best));
              f.set(best, v128.bitselect(value, best, wins));
              if (keepWinners) f.set(winner, v128.bitselect(i32x4.splat(index + 1), winner, wins));
            });
            if (keepWinners)
              f.do(
                v128.store32Lane(i32.add(winnerRow, i32.shrU(channel, 2)), i32x4.narrowToBytes(winner), 0),
              );
          }
          f.do(v128.store(i32.add(outRow, channel), best));
        });
        f.add(row, strides[1] * input.channels * 4);
        f.add(outRow, output.channels * 4);
        f.add(winnerRow, output.channels);
      });
    });
  });
}

/**
 * Emits (gradient, winners, to) for one sample, from the output's gradient to the input's; numbers between rows become zero. With `adds` it is
 * added to what the input's gradient holds.
 */
export function emitPoolGradient(emitter: Emitter, shape: PoolShape, adds = false) {
  const { kind, input, output, poolSize, strides } = shape;
  const offsets = windowOffsets(shape);
  const tiles = [0, 1].every(
    (axis) =>
      !adds &&
      strides[axis] === poolSize[axis] &&
      (axis === 0 ? output.height * strides[0] === input.height : output.width * strides[1] === input.width),
  );
  const zero = emitZero(emitter);
  return emitter.module.function(["gradient", "winners", "to"], (f, { gradient, winners, to }) => {
    const rowBytes = input.pitch * input.channels * 4;
    const spare = (input.pitch - input.width) * input.channels * 4;
    if (!tiles && !adds) f.call(zero, { address: to, end: i32.add(to, gridBytes(input)) });
    else if (tiles && spare > 0)
      f.for({ to: input.height }, (y) => {
        const end = f.let(i32.add(to, i32.mul(i32.add(y, 1), rowBytes)));
        f.call(zero, { address: i32.sub(end, spare), end });
      });
    f.for({ to: output.height }, (y) => {
      const row = f.let(i32.add(to, i32.mul(y, strides[0] * rowBytes)));
      const from = f.let(i32.add(gradient, i32.mul(y, output.pitch * output.channels * 4)));
      const winnerRow = f.let(i32.add(winners, i32.mul(y, output.width * output.channels)));
      f.for({ to: output.width }, () => {
        f.for({ to: output.channels * 4, step: 16 }, (channel) => {
          const at = f.let(i32.add(row, channel));
          const g = f.let(v128.load(i32.add(from, channel)));
          const winner = f.local("v128");
          if (kind === "average") f.set(g, f32x4.mul(g, f32x4.const(1 / offsets.length)));
          else f.set(winner, i32x4.extendLowBytes(v128.load32Zero(i32.add(winnerRow, i32.shrU(channel, 2)))));
          offsets.forEach((offset, place) => {
            const share = kind === "average" ? g : v128.and(g, i32x4.eq(winner, i32x4.splat(place)));
            const value = tiles ? share : f32x4.add(share, v128.load(at, offset));
            f.do(v128.store(at, value, offset));
          });
        });
        f.add(row, strides[1] * input.channels * 4);
        f.add(from, output.channels * 4);
        f.add(winnerRow, output.channels);
      });
    });
  });
}
