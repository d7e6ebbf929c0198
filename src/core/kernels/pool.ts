import {
  type FunctionBuilder,
  f32x4,
  type I32,
  type I32Like,
  i32,
  i32x4,
  type Local,
  v128,
} from "../wasm/index.js";
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

/** Windows of more places are walked in a loop; of no more, the winner's place fits a byte. */
const mostUnrolled = 256;

const placesOf = ({ poolSize }: Pick<PoolShape, "poolSize">): number => poolSize[0] * poolSize[1];

/** Bytes that note which place of each of a sample's windows won: one a window, or four where that is too few. */
export function winnerBytes(shape: Pick<PoolShape, "output" | "poolSize">): number {
  const { height, width, channels } = shape.output;
  return height * width * channels * bytesAWinner(shape);
}

const bytesAWinner = (shape: Pick<PoolShape, "poolSize">): 1 | 4 => (placesOf(shape) > mostUnrolled ? 4 : 1);

const windowOffsets = (shape: PoolShape): number[] =>
  Array.from({ length: placesOf(shape) }, (_, place) => {
    const { input, poolSize } = shape;
    const row = Math.floor(place / poolSize[1]);
    return (row * input.pitch + (place % poolSize[1])) * input.channels * 4;
  });

/** Walks a large window from its first place on; `address` is the place's, `place` counts them. */
function eachPlace(
  f: FunctionBuilder,
  { input, poolSize }: PoolShape,
  from: I32,
  body: (address: Local<"i32">, place: Local<"i32">) => void,
): void {
  const address = f.let(from);
  const place = f.let(i32.const(0));
  f.for({ to: poolSize[0] }, () => {
    f.for({ to: poolSize[1] }, () => {
      body(address, place);
      f.add(address, input.channels * 4);
      f.add(place, 1);
    });
    f.add(address, (input.pitch - poolSize[1]) * input.channels * 4);
  });
}

/**
 * Emits (from, to, winners) for one sample. A max-pool notes which place of the window won, the first of equals,
 * for the way back; `keepWinners: false` leaves that out.
 */
export function emitPool(emitter: Emitter, shape: PoolShape, keepWinners: boolean) {
  const { kind, input, output, strides } = shape;
  const places = placesOf(shape);
  const winnerSize = bytesAWinner(shape);
  return emitter.module.function(["from", "to", "winners"], (f, { from, to, winners }) => {
    f.for({ to: output.height }, (y) => {
      const row = f.let(i32.add(from, i32.mul(y, strides[0] * input.pitch * input.channels * 4)));
      const outRow = f.let(i32.add(to, i32.mul(y, output.pitch * output.channels * 4)));
      const winnerRow = f.let(i32.add(winners, i32.mul(y, output.width * output.channels * winnerSize)));
      f.for({ to: output.width }, () => {
        f.for({ to: output.channels * 4, step: 16 }, (channel) => {
          const at = f.let(i32.add(row, channel));
          if (places > mostUnrolled) {
            const pool = kind === "average" ? emitLargeAverage : emitLargeMaximum;
            const { value, winner } = pool(f, shape, at);
            if (winner && keepWinners) f.do(v128.store(i32.add(winnerRow, channel), winner));
            f.do(v128.store(i32.add(outRow, channel), value));
            return;
          }
          const offsets = windowOffsets(shape);
          const best = f.let(v128.load(at, offsets[0]));
          if (kind === "average") {
            for (const offset of offsets.slice(1)) f.set(best, f32x4.add(best, v128.load(at, offset)));
            f.set(best, f32x4.mul(best, f32x4.const(1 / places)));
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
        f.add(winnerRow, output.channels * winnerSize);
      });
    });
  });
}

interface Pooled {
  readonly value: Local<"v128">;
  readonly winner?: Local<"v128">;
}

function emitLargeAverage(f: FunctionBuilder, shape: PoolShape, from: I32): Pooled {
  // −0 and any number make that number, even −0.
  const value = f.let(f32x4.const(-0));
  eachPlace(f, shape, from, (address) => f.set(value, f32x4.add(value, v128.load(address))));
  f.set(value, f32x4.mul(value, f32x4.const(1 / placesOf(shape))));
  return { value };
}

function emitLargeMaximum(f: FunctionBuilder, shape: PoolShape, from: I32): Pooled {
  const value = f.let(v128.load(from));
  const winner = f.let(v128.zero());
  eachPlace(f, shape, from, (address, place) => {
    const other = f.let(v128.load(address));
    const wins = f.let(f32x4.gt(other, value));
    f.set(value, v128.bitselect(other, value, wins));
    f.set(winner, v128.bitselect(i32x4.splat(place), winner, wins));
  });
  return { value, winner };
}

/**
 * Emits (gradient, winners, to) for one sample, from the output's gradient to the input's; numbers between rows become zero. With `adds` it is
 * added to what the input's gradient holds.
 */
export function emitPoolGradient(emitter: Emitter, shape: PoolShape, adds = false) {
  const { kind, input, output, poolSize, strides } = shape;
  const places = placesOf(shape);
  const winnerSize = bytesAWinner(shape);
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
      const winnerRow = f.let(i32.add(winners, i32.mul(y, output.width * output.channels * winnerSize)));
      f.for({ to: output.width }, () => {
        f.for({ to: output.channels * 4, step: 16 }, (channel) => {
          const at = f.let(i32.add(row, channel));
          const g = f.let(v128.load(i32.add(from, channel)));
          const winner = f.local("v128");
          if (kind === "average") f.set(g, f32x4.mul(g, f32x4.const(1 / places)));
          else if (winnerSize === 4) f.set(winner, v128.load(i32.add(winnerRow, channel)));
          else f.set(winner, i32x4.extendLowBytes(v128.load32Zero(i32.add(winnerRow, i32.shrU(channel, 2)))));
          const store = (to: I32, place: I32Like, offset = 0): void => {
            const share = kind === "average" ? g : v128.and(g, i32x4.eq(winner, i32x4.splat(place)));
            const value = tiles ? share : f32x4.add(share, v128.load(to, offset));
            f.do(v128.store(to, value, offset));
          };
          if (places > mostUnrolled) eachPlace(f, shape, at, store);
          else for (const [place, offset] of windowOffsets(shape).entries()) store(at, place, offset);
        });
        f.add(row, strides[1] * input.channels * 4);
        f.add(from, output.channels * 4);
        f.add(winnerRow, output.channels * winnerSize);
      });
    });
  });
}
