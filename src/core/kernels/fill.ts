import { i32, i32x4, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";
import { forVectors } from "./vectors.js";

/** Zeros from an address, a multiple of 16 bytes on. */
export function emitZero(emitter: Emitter) {
  return emitter.module.once("zero", () =>
    emitter.module.function(["address", "end"], (f, { address, end }) => {
      forVectors(emitter, f, [address], end, (at) => f.do(v128.store(address, v128.zero(), at)));
    }),
  );
}

/** Zeroes what lies behind `channels` of each pixel's padded numbers: [address, end). */
export function emitClearPadding(emitter: Emitter, channels: number) {
  const inside = [0, 1, 2, 3].map((lane) => (lane < channels % 4 ? -1 : 0));
  const mask = i32x4.const([inside[0], inside[1], inside[2], inside[3]]);
  const last = Math.floor(channels / 4) * 16;
  return emitter.module.once(`clear padding ${channels}`, () =>
    emitter.module.function(["address", "end"], (f, { address, end }) => {
      f.while(i32.ltU(address, end), () => {
        f.do(v128.store(address, v128.and(v128.load(address, last), mask), last));
        f.add(address, last + 16);
      });
    }),
  );
}
