import { i32, type V128, v128 } from "../wasm/index.js";
import { transposedColumns } from "./convolution.js";
import { type Emitter, forEachRow } from "./emitter.js";

export interface TransposeShape {
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  /** Padded channels, multiples of four. */
  readonly inChannels: number;
  readonly outChannels: number;
}

/** Rows in, rows out: [a0 a1 a2 a3] … becomes [a0 b0 c0 d0] …. */
export function transpose4(rows: readonly V128[], keep: (value: V128) => V128): V128[] {
  const [a, b, c, d] = rows;
  const low = keep(v128.shuffle32(a, b, [0, 4, 1, 5]));
  const high = keep(v128.shuffle32(a, b, [2, 6, 3, 7]));
  const lowNext = keep(v128.shuffle32(c, d, [0, 4, 1, 5]));
  const highNext = keep(v128.shuffle32(c, d, [2, 6, 3, 7]));
  return [
    v128.shuffle32(low, lowNext, [0, 1, 4, 5]),
    v128.shuffle32(low, lowNext, [2, 3, 6, 7]),
    v128.shuffle32(high, highNext, [0, 1, 4, 5]),
    v128.shuffle32(high, highNext, [2, 3, 6, 7]),
  ];
}

/**
 * Packed weights [out / 8][kernelRow][kernelColumn][in][8] into the data gradient's [in / 8][kernelRow][ordered
 * column][out][8], for some blocks of eight input channels.
 */
export function emitTranspose(emitter: Emitter, shape: TransposeShape) {
  const { kernelSize, strides, inChannels, outChannels } = shape;
  const order = transposedColumns(kernelSize[1], strides[1]);
  const taps = Array.from({ length: kernelSize[0] * kernelSize[1] }, (_, tap) => {
    const row = Math.floor(tap / kernelSize[1]);
    const column = tap % kernelSize[1];
    return [tap * inChannels * 32, (row * kernelSize[1] + order.indexOf(column)) * outChannels * 32];
  });
  const steps = kernelSize[0] * kernelSize[1];
  return emitter.module.function(
    ["from", "to", "firstBlock", "endBlock"],
    (f, { from, to, firstBlock, endBlock }) => {
      f.for({ from: firstBlock, to: endBlock }, (block) => {
        forEachRow(emitter, f, taps, (tapFrom, tapTo) => {
          for (const half of [0, 1]) {
            const first = i32.add(i32.mul(block, 8), half * 4);
            f.if(i32.ltU(first, inChannels), () => {
              const source = f.let(i32.add(i32.add(from, tapFrom), i32.mul(first, 32)));
              const base = i32.add(to, i32.mul(block, steps * outChannels * 32));
              const target = f.let(i32.add(i32.add(base, tapTo), half * 16));
              f.for({ to: outChannels, step: 4 }, (channel) => {
                const rows = [0, 1, 2, 3].map((row) => f.let(v128.load(source, row * 32)));
                transpose4(rows, (value) => f.let(value)).forEach((value, row) => {
                  f.do(v128.store(target, value, row * 32));
                });
                f.add(target, 128);
                // From the left half of a block to its right, then on to the next block.
                const rest = i32.and(i32.shrU(channel, 2), 1);
                f.add(source, i32.select(rest, steps * inChannels * 32 - 16, 16));
              });
            });
          }
        });
      });
    },
  );
}
