import { f32, f32x4, i32, type Local, type V128, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";

/** Vectors that are summed side by side: short sums lose little to rounding. */
const lanes = 4;

/** out = Σ of squares of `bytes` of numbers, whole groups of sixteen, in one fixed order. */
export function emitSquareSum(emitter: Emitter) {
  return emitter.module.function(["from", "bytes", "out"], (f, { from, bytes, out }) => {
    const sums = Array.from({ length: lanes }, () => f.let(v128.zero()));
    f.for({ to: bytes, step: lanes * 16 }, () => {
      sums.forEach((sum, lane) => {
        const g = f.let(v128.load(from, lane * 16));
        f.set(sum, f32x4.add(sum, f32x4.mul(g, g)));
      });
      f.add(from, lanes * 16);
    });
    const all = f.let(f32x4.add(f32x4.add(sums[0], sums[1]), f32x4.add(sums[2], sums[3])));
    const [a, b, c, d] = [0, 1, 2, 3].map((lane) => f32x4.extractLane(all, lane));
    f.do(f32.store(out, f32.add(f32.add(a, b), f32.add(c, d))));
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
    const sum = f.let(f32.const(0));
    f.for({ to: count * 4, step: 4 }, (at) => {
      f.set(sum, f32.add(sum, f32.load(i32.add(sums, at))));
    });
    const norm = f32x4.sqrt(f32x4.splat(sum));
    const scale = keep(f32x4.min(f32x4.const(1), f32x4.div(f32x4.const(clipNorm), norm)));
    f.for({ to: bytes, step: 16 }, () => {
      f.do(v128.store(gradients, f32x4.mul(v128.load(gradients), scale)));
      f.add(gradients, 16);
    });
  });
}
