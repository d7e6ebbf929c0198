import type { BatchMixing } from "../data/mix-batch.js";
import { f32, f32x4, type I32, i32, type Local, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";
import { type Grid, gridBytes } from "./grid.js";

/** Bytes of what says how a batch is mixed; behind them stands a word a sample, its partner's place in the batch. */
export const mixingBytes = 32;

const [blended, pasted] = [1, 2];

/** What the kernel reads: whether and how, the share of a sample's own, the box, and each sample's partner. */
export function mixingWords(mixing: BatchMixing | undefined): Int32Array {
  const words = new Int32Array(mixingBytes / 4 + (mixing?.partners.length ?? 0));
  if (!mixing) return words;
  words[0] = mixing.box ? pasted : blended;
  new Float32Array(words.buffer)[1] = mixing.share;
  words.set(mixing.box ?? [], 2);
  words.set(mixing.partners, mixingBytes / 4);
  return words;
}

/**
 * Mixes an image with another in place: λ · out + (1 − λ) · other (Zhang et al. 2018), or the other's pixels within a
 * box (Yun et al. 2019), as `mixing` says.
 */
export function emitMix(emitter: Emitter, grid: Grid) {
  return emitter.module.function(["out", "other", "mixing"], (f, { out, other, mixing }) => {
    const bytes = gridBytes(grid);
    const pixelBytes = grid.channels * 4;
    const at = (base: Local<"i32">, offset: I32): I32 => i32.add(base, offset);
    const blend = (): void => {
      const share = f.let(f32.load(mixing, 4));
      const rest = f.let(f32.sub(f32.const(1), share));
      const shares = f.let(f32x4.splat(share));
      const rests = f.let(f32x4.splat(rest));
      f.for({ to: bytes - (bytes % 16), step: 16 }, (offset) => {
        const own = f32x4.mul(v128.load(at(out, offset)), shares);
        const others = f32x4.mul(v128.load(at(other, offset)), rests);
        f.do(v128.store(at(out, offset), f32x4.add(own, others)));
      });
      f.for({ from: bytes - (bytes % 16), to: bytes, step: 4 }, (offset) => {
        const own = f32.mul(f32.load(at(out, offset)), share);
        f.do(f32.store(at(out, offset), f32.add(own, f32.mul(f32.load(at(other, offset)), rest))));
      });
    };
    const paste = (): void => {
      const [left, top, width, height] = [8, 12, 16, 20].map((word) => f.let(i32.load(mixing, word)));
      f.for({ from: top, to: f.let(i32.add(top, height)) }, (y) => {
        const first = f.let(i32.mul(i32.add(i32.mul(y, grid.pitch), left), pixelBytes));
        const end = f.let(i32.add(first, i32.mul(width, pixelBytes)));
        f.for({ from: first, to: end, step: 4 }, (offset) => {
          f.do(f32.store(at(out, offset), f32.load(at(other, offset))));
        });
      });
    };
    f.if(i32.eq(i32.load(mixing), pasted), paste, blend);
  });
}
