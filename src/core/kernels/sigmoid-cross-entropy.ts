import { f32, f32x4, i32, type Local, type V128, v128 } from "../wasm/index.js";
import { abs, log1pOfShare, sigmoid } from "./activation.js";
import { across, addExactly, walkClasses } from "./class-walk.js";
import type { Emitter } from "./emitter.js";
import { exp } from "./exponential.js";

interface SigmoidShape {
  /** Labels that an image may have, each with a logit. */
  readonly labels: number;
  readonly gradientScale: number;
  readonly labelSmoothing?: number;
  /** Whether the gradient is multiplied by the number at `weight`. */
  readonly weighted?: boolean;
}

/**
 * For one sample of targets t: output is the gradient s · (σ(z) − t') of the binary cross-entropies, times the
 * sample's weight where it is weighted; t' = (1 − ε) · t + ε / 2. At `parts` is left their sum over the labels,
 * Σ max(z, 0) − t' · z + ln(1 + e^−|z|), which neither overflows nor loses what is small. Behind the targets are zeros
 * up to whole vectors. The output may take the logits' place.
 */
export function emitSigmoidCrossEntropy(emitter: Emitter, shape: SigmoidShape) {
  const { labels, gradientScale, labelSmoothing = 0, weighted = false } = shape;
  return emitter.module.function(
    ["logits", "output", "parts", "targets", "weight"],
    (f, { logits, output, parts, targets, weight }) => {
      const keep = (value: V128): Local<"v128"> => f.let(value);
      const sum = keep(v128.zero());
      const lost = keep(v128.zero());
      const weights = weighted ? keep(f32x4.splat(f32.load(weight))) : undefined;
      walkClasses(f, labels).each((at, inside) => {
        const z = keep(v128.load(i32.add(logits, at.address), at.offset));
        const t = keep(
          f32x4.add(
            f32x4.mul(v128.load(i32.add(targets, at.address), at.offset), f32x4.const(1 - labelSmoothing)),
            f32x4.const(labelSmoothing / 2),
          ),
        );
        const power = exp(emitter.arithmetic, f32x4.neg(abs(z)), keep);
        const linear = f32x4.sub(f32x4.pmax(z, v128.zero()), f32x4.mul(t, z));
        const loss = f32x4.add(linear, log1pOfShare({ emitter, keep }, power));
        addExactly(f, sum, lost, inside ? v128.and(loss, inside) : loss);
        const slope = f32x4.mul(f32x4.sub(sigmoid(emitter, z, keep), t), f32x4.const(gradientScale));
        const weighed = weights ? f32x4.mul(slope, weights) : slope;
        f.do(
          v128.store(i32.add(output, at.address), inside ? v128.and(weighed, inside) : weighed, at.offset),
        );
        return z;
      });
      f.do(f32.store(parts, across(sum, f32.add)));
    },
  );
}

/** For one sample: output is the probability of each label, σ(z), zeros behind them. It may take the logits' place. */
export function emitSigmoid(emitter: Emitter, labels: number) {
  return emitter.module.function(["logits", "output"], (f, { logits, output }) => {
    const keep = (value: V128): Local<"v128"> => f.let(value);
    walkClasses(f, labels).each((at, inside) => {
      const p = keep(sigmoid(emitter, v128.load(i32.add(logits, at.address), at.offset), keep));
      f.do(v128.store(i32.add(output, at.address), inside ? v128.and(p, inside) : p, at.offset));
      return p;
    });
  });
}
