import { f32, f32x4, i32, i32x4, type Local, type V128, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";
import { exp } from "./exponential.js";

/** Bytes a sample of what the loss is made of: largest logit, Σ e^(z − largest), z of the label, mean z. */
export const lossPartsBytes = 16;

/**
 * Emits (logits, output, parts, label) for one sample, in one pass over logits in registers: output is the
 * softmax p = e^(z − max) / Σ, or with `gradientScale` s the gradient s · (p − target) of the cross-entropy,
 * target = (1 − ε) · onehot(label) + ε / classes.
 */
export function emitSoftmax(
  emitter: Emitter,
  shape: { readonly classes: number; readonly gradientScale?: number; readonly labelSmoothing?: number },
) {
  const { classes, gradientScale, labelSmoothing = 0 } = shape;
  const count = Math.ceil(classes / 4);
  const lanes = (of: (lane: number) => number): number[][] =>
    Array.from({ length: count }, (_, vector) => [0, 1, 2, 3].map((lane) => of(vector * 4 + lane)));
  const insideMasks = lanes((lane) => (lane < classes ? -1 : 0)).map(([a, b, c, d]) =>
    i32x4.const([a, b, c, d]),
  );
  const numbers = lanes((lane) => lane).map(([a, b, c, d]) => i32x4.const([a, b, c, d]));
  return emitter.module.function(
    ["logits", "output", "parts", "label"],
    (f, { logits, output, parts, label }) => {
      const keep = (value: V128): Local<"v128"> => f.let(value);
      const across = (vector: Local<"v128">, join: typeof f32.add) =>
        join(
          join(f32x4.extractLane(vector, 0), f32x4.extractLane(vector, 1)),
          join(f32x4.extractLane(vector, 2), f32x4.extractLane(vector, 3)),
        );
      const z = insideMasks.map((_, vector) => keep(v128.load(logits, vector * 16)));
      const lowest = f32x4.const(-3.4e38);
      const most = keep(lowest);
      const total = keep(v128.zero());
      z.forEach((value, vector) => {
        f.set(most, f32x4.max(most, v128.bitselect(value, lowest, insideMasks[vector])));
        f.set(total, f32x4.add(total, v128.and(value, insideMasks[vector])));
      });
      const largest = f.let(across(most, f32.max));
      const mean = f.let(f32.mul(across(total, f32.add), f32.const(1 / classes)));
      const sums = keep(v128.zero());
      const powers = z.map((value, vector) => {
        const power = exp(emitter.arithmetic, f32x4.sub(value, f32x4.splat(largest)), keep);
        const inside = keep(v128.and(power, insideMasks[vector]));
        f.set(sums, f32x4.add(sums, inside));
        return inside;
      });
      const sum = f.let(across(sums, f32.add));
      f.do(f32.store(parts, largest, 0));
      f.do(f32.store(parts, sum, 4));
      f.do(f32.store(parts, f32.load(i32.add(logits, i32.mul(label, 4))), 8));
      f.do(f32.store(parts, mean, 12));
      const scale = f.let(f32.div(f32.const(gradientScale ?? 1), sum));
      powers.forEach((power, vector) => {
        const share = f32x4.mul(power, f32x4.splat(scale));
        if (gradientScale === undefined) {
          f.do(v128.store(output, share, vector * 16));
          return;
        }
        const even = f32x4.const((gradientScale * labelSmoothing) / classes);
        const own = f32x4.const(gradientScale * (1 - labelSmoothing));
        const isLabel = i32x4.eq(numbers[vector], i32x4.splat(label));
        const target = f32x4.add(v128.and(even, insideMasks[vector]), v128.and(own, isLabel));
        f.do(v128.store(output, f32x4.sub(share, target), vector * 16));
      });
    },
  );
}
