import { f32, f32x4, i32, type Local, type V128, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";

/** Vectors that are summed side by side: short sums lose little to rounding. */
const lanes = 4;

/** What gradients are scaled by where their squares are beyond float32: the largest then has one that isn't. */
const large = 2 ** -74;

const infinityBits = 0x7f800000;

/**
 * out = Σ of squares of `bytes` of numbers, whole groups of sixteen, in one fixed order. Where that is beyond float32,
 * minus the sum of the squares of `large` times them.
 */
export function emitSquareSum(emitter: Emitter) {
  return emitter.module.function(["from", "bytes", "out"], (f, { from, bytes, out }) => {
    const end = f.let(i32.add(from, bytes));
    const squares = (scaled: (value: V128) => V128) => {
      const sums = Array.from({ length: lanes }, () => f.let(v128.zero()));
      f.for({ from, to: end, step: lanes * 16 }, (at) => {
        sums.forEach((sum, lane) => {
          const g = f.let(scaled(v128.load(at, lane * 16)));
          f.set(sum, f32x4.add(sum, f32x4.mul(g, g)));
        });
      });
      const all = f.let(f32x4.add(f32x4.add(sums[0], sums[1]), f32x4.add(sums[2], sums[3])));
      const [a, b, c, d] = [0, 1, 2, 3].map((lane) => f32x4.extractLane(all, lane));
      return f32.add(f32.add(a, b), f32.add(c, d));
    };
    f.do(
      f32.store(
        out,
        squares((value) => value),
      ),
    );
    f.if(i32.eq(i32.load(out), infinityBits), () => {
      const sum = squares((value) => f32x4.mul(value, f32x4.const(large)));
      f.do(f32.store(out, f32.sub(f32.const(0), sum)));
    });
  });
}

/**
 * g ← g · min(1, clipNorm / ‖g‖) for some numbers of g, ‖g‖ the root of the sum of `count` sums of squares. What is no
 * number stays none.
 */
export function emitClip(
  emitter: Emitter,
  { count, clipNorm }: { readonly count: number; readonly clipNorm: number },
) {
  return emitter.module.function(["sums", "gradients", "bytes"], (f, { sums, gradients, bytes }) => {
    const keep = (value: V128): Local<"v128"> => f.let(value);
    const infinity = f32x4.const(Number.POSITIVE_INFINITY);
    const [sum, scaledSum] = [f.let(v128.zero()), f.let(v128.zero())];
    f.for({ to: count * 4, step: 4 }, (at) => {
      const share = keep(v128.load32Splat(i32.add(sums, at)));
      const isScaled = keep(f32x4.lt(share, v128.zero()));
      f.set(sum, f32x4.add(sum, v128.bitselect(infinity, share, isScaled)));
      const scaled = v128.bitselect(f32x4.neg(share), f32x4.mul(share, f32x4.const(large * large)), isScaled);
      f.set(scaledSum, f32x4.add(scaledSum, scaled));
    });
    const quotient = (norm: number, squares: V128): V128 => f32x4.div(f32x4.const(norm), f32x4.sqrt(squares));
    const wanted = keep(
      v128.bitselect(quotient(clipNorm, sum), quotient(clipNorm * large, scaledSum), f32x4.lt(sum, infinity)),
    );
    const scale = keep(f32x4.min(f32x4.const(1), wanted));
    f.for({ to: bytes, step: 16 }, () => {
      f.do(v128.store(gradients, f32x4.mul(v128.load(gradients), scale)));
      f.add(gradients, 16);
    });
  });
}
