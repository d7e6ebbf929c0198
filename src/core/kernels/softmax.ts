import {
  type FunctionBuilder,
  f32,
  f32x4,
  type I32,
  i32,
  i32x4,
  type Local,
  type V128,
  v128,
} from "../wasm/index.js";
import { across, addExactly, type Place, type Walk, walkClasses } from "./class-walk.js";
import type { Emitter } from "./emitter.js";
import { exp } from "./exponential.js";

/**
 * Bytes a sample of what the loss is made of: largest logit, Σ e^(z − largest), z of the label or Σ t · z, and mean z, or
 * in a distillation Σ e^((z − largest) / T).
 */
export const lossPartsBytes = 16;

interface SoftmaxShape {
  readonly classes: number;
  readonly gradientScale?: number;
  readonly labelSmoothing?: number;
  /** Whether the gradient is multiplied by the number at `weight`. */
  readonly weighted?: boolean;
  /** Whether `target` is where the sample's probabilities lie, zeros behind them up to whole vectors, and not its label. */
  readonly soft?: boolean;
  /** Of soft targets in training: the part of the loss that is of logits divided by a temperature. */
  readonly distillation?: DistilledLoss;
}

/**
 * A loss of two softmaxes (Hinton et al. 2015): (1 − w) · CE(y, softmax(z)) + w · T² · CE(q, softmax(z / T)). What it has of
 * its targets is Σ t · z with t = (1 − w) · y + w · T · q, which is what stands for both.
 */
export interface DistilledLoss {
  /** w, 0 … 1. */
  readonly weight: number;
  /** T, above 0. */
  readonly temperature: number;
}

/**
 * For one sample: output is the softmax p = e^(z − max) / Σ, or with `gradientScale` s the gradient
 * s · (p − target) of the cross-entropy, target = (1 − ε) · onehot(label) + ε / classes, times the sample's weight
 * where it is weighted. Soft targets t, which add up to 1, stand in the one-hot's place. In a distillation the gradient is s · ((1 − w) · p
 * + w · T · softmax(z / T) − t). The output may take the logits' place but there.
 */
export function emitSoftmax(emitter: Emitter, shape: SoftmaxShape) {
  const { classes, soft = false, distillation } = shape;
  return emitter.module.function(
    ["logits", "output", "parts", "target", "weight"],
    (f, { logits, output, parts, target, weight }) => {
      const keep = (value: V128): Local<"v128"> => f.let(value);
      const walk = walkClasses(f, classes);
      const lowest = f32x4.const(-3.4e38);
      const most = keep(lowest);
      const total = keep(v128.zero());
      const hoped = soft ? keep(v128.zero()) : total;
      const held = walk.each((at, inside) => {
        const z = keep(v128.load(i32.add(logits, at.address), at.offset));
        f.set(most, f32x4.max(most, inside ? v128.bitselect(z, lowest, inside) : z));
        f.set(total, f32x4.add(total, inside ? v128.and(z, inside) : z));
        if (soft) {
          const share = v128.load(i32.add(target, at.address), at.offset);
          f.set(hoped, f32x4.add(hoped, f32x4.mul(share, inside ? v128.and(z, inside) : z)));
        }
        return z;
      });
      const largest = f.let(across(most, f32.max));
      const mean = f.let(f32.mul(across(total, f32.add), f32.const(1 / classes)));
      const ofTarget = f.let(soft ? across(hoped, f32.add) : f32.load(i32.add(logits, i32.mul(target, 4))));
      const sums = keep(v128.zero());
      const lost = keep(v128.zero());
      const powers = walk.each((at, inside, vector) => {
        const z = held ? held[vector] : v128.load(i32.add(logits, at.address), at.offset);
        const power = exp(emitter.arithmetic, f32x4.sub(z, f32x4.splat(largest)), keep);
        const counted = keep(inside ? v128.and(power, inside) : power);
        if (held) f.set(sums, f32x4.add(sums, counted));
        else addExactly(f, sums, lost, counted);
        if (!held) f.do(v128.store(i32.add(output, at.address), counted, at.offset));
        return counted;
      });
      const sum = f.let(across(sums, f32.add));
      const softer = distillation && emitSofter(f, { ...distillation, emitter, walk, logits, largest });
      f.do(f32.store(parts, largest, 0));
      f.do(f32.store(parts, sum, 4));
      f.do(f32.store(parts, ofTarget, 8));
      f.do(f32.store(parts, softer?.sum ?? mean, 12));
      const own = (shape.gradientScale ?? 1) * (1 - (distillation?.weight ?? 0));
      const scale = f.let(f32.div(f32.const(own), sum));
      const softScale =
        softer && f.let(f32.div(f32.const(softer.share * (shape.gradientScale ?? 1)), softer.sum));
      const weights = shape.weighted ? keep(f32x4.splat(f32.load(weight))) : undefined;
      walk.each((at, inside, vector) => {
        const power = powers ? powers[vector] : v128.load(i32.add(output, at.address), at.offset);
        const alone = f32x4.mul(power, f32x4.splat(scale));
        const share =
          softer && softScale
            ? f32x4.add(alone, f32x4.mul(softer.power(at, inside), f32x4.splat(softScale)))
            : alone;
        const value =
          shape.gradientScale === undefined
            ? share
            : f32x4.sub(share, scaledTarget(shape, target, at, inside));
        const weighed = weights ? f32x4.mul(value, weights) : value;
        f.do(v128.store(i32.add(output, at.address), weighed, at.offset));
        return share;
      });
    },
  );
}

/** The powers of logits divided by a temperature, counted from the largest; they are worked out twice, which is soon done. */
function emitSofter(
  f: FunctionBuilder,
  {
    weight,
    temperature,
    emitter,
    walk,
    logits,
    largest,
  }: DistilledLoss & {
    readonly emitter: Emitter;
    readonly walk: Walk;
    readonly logits: I32;
    readonly largest: Local<"f32">;
  },
) {
  const keep = (value: V128): Local<"v128"> => f.let(value);
  const power = (at: Place, inside: V128 | undefined): V128 => {
    const z = v128.load(i32.add(logits, at.address), at.offset);
    const below = f32x4.mul(f32x4.sub(z, f32x4.splat(largest)), f32x4.const(1 / temperature));
    const value = exp(emitter.arithmetic, below, keep);
    return inside ? v128.and(value, inside) : value;
  };
  const sums = keep(v128.zero());
  const lost = keep(v128.zero());
  walk.each((at, inside) => {
    const counted = keep(power(at, inside));
    addExactly(f, sums, lost, counted);
    return counted;
  });
  return { power, sum: f.let(across(sums, f32.add)), share: weight * temperature };
}

/** s · target of four classes. */
function scaledTarget(
  { classes, gradientScale = 1, labelSmoothing = 0, soft }: SoftmaxShape,
  target: I32,
  { address, offset, numbers }: Place,
  inside: V128 | undefined,
): V128 {
  const even = f32x4.const((gradientScale * labelSmoothing) / classes);
  const own = f32x4.const(gradientScale * (1 - labelSmoothing));
  const spread = inside ? v128.and(even, inside) : even;
  if (soft) return f32x4.add(spread, f32x4.mul(own, v128.load(i32.add(target, address), offset)));
  const isLabel = i32x4.eq(numbers, i32x4.splat(target));
  return f32x4.add(spread, v128.and(own, isLabel));
}
