import {
  type F32,
  type FunctionBuilder,
  f32,
  f32x4,
  type I32,
  type I32Like,
  i32,
  i32x4,
  type Local,
  type V128,
  v128,
} from "../wasm/index.js";
import type { Emitter } from "./emitter.js";
import { exp } from "./exponential.js";

/** Bytes a sample of what the loss is made of: largest logit, Σ e^(z − largest), z of the label, mean z. */
export const lossPartsBytes = 16;

interface SoftmaxShape {
  readonly classes: number;
  readonly gradientScale?: number;
  readonly labelSmoothing?: number;
  /** Whether the gradient is multiplied by the number at `weight`. */
  readonly weighted?: boolean;
}

/** Up to so many classes are written out and stay in registers; more are a loop over memory. */
const mostWrittenOut = 64;

/**
 * For one sample: output is the softmax p = e^(z − max) / Σ, or with `gradientScale` s the gradient
 * s · (p − target) of the cross-entropy, target = (1 − ε) · onehot(label) + ε / classes, times the sample's weight
 * where it is weighted. The output may take the logits' place.
 */
export function emitSoftmax(emitter: Emitter, shape: SoftmaxShape) {
  const { classes } = shape;
  return emitter.module.function(
    ["logits", "output", "parts", "label", "weight"],
    (f, { logits, output, parts, label, weight }) => {
      const keep = (value: V128): Local<"v128"> => f.let(value);
      const walk = classes <= mostWrittenOut ? writtenOut(classes) : looped(f, classes);
      const lowest = f32x4.const(-3.4e38);
      const most = keep(lowest);
      const total = keep(v128.zero());
      const held = walk.each((at, inside) => {
        const z = keep(v128.load(i32.add(logits, at.address), at.offset));
        f.set(most, f32x4.max(most, inside ? v128.bitselect(z, lowest, inside) : z));
        f.set(total, f32x4.add(total, inside ? v128.and(z, inside) : z));
        return z;
      });
      const largest = f.let(across(most, f32.max));
      const mean = f.let(f32.mul(across(total, f32.add), f32.const(1 / classes)));
      const ofLabel = f.let(f32.load(i32.add(logits, i32.mul(label, 4))));
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
      f.do(f32.store(parts, largest, 0));
      f.do(f32.store(parts, sum, 4));
      f.do(f32.store(parts, ofLabel, 8));
      f.do(f32.store(parts, mean, 12));
      const scale = f.let(f32.div(f32.const(shape.gradientScale ?? 1), sum));
      const weights = shape.weighted ? keep(f32x4.splat(f32.load(weight))) : undefined;
      walk.each((at, inside, vector) => {
        const power = powers ? powers[vector] : v128.load(i32.add(output, at.address), at.offset);
        const share = f32x4.mul(power, f32x4.splat(scale));
        const value =
          shape.gradientScale === undefined ? share : f32x4.sub(share, target(shape, label, at, inside));
        const weighed = weights ? f32x4.mul(value, weights) : value;
        f.do(v128.store(i32.add(output, at.address), weighed, at.offset));
        return share;
      });
    },
  );
}

/** Kahan's sum: what rounding took off the sum so far is taken off the next term with the sign turned. */
function addExactly(f: FunctionBuilder, sum: Local<"v128">, lost: Local<"v128">, term: V128): void {
  const wanted = f.let(f32x4.sub(term, lost));
  const next = f.let(f32x4.add(sum, wanted));
  f.set(lost, f32x4.sub(f32x4.sub(next, sum), wanted));
  f.set(sum, next);
}

/** Four classes' place among the logits: `offset` is known, `address` where there is a loop. */
interface Place {
  readonly address: I32Like;
  readonly offset: number;
  /** The classes' numbers. */
  readonly numbers: V128;
}

/** Goes through all classes, four at a time; `inside` masks the classes of the last four that there are. */
interface Walk {
  /** @returns what each four gave, where there is no loop */
  each(write: (at: Place, inside: V128 | undefined, vector: number) => V128): readonly V128[] | undefined;
}

const fourFrom = (first: number): V128 => i32x4.const([first, first + 1, first + 2, first + 3]);

function insideOf(first: number, classes: number): V128 | undefined {
  if (first + 4 <= classes) return undefined;
  const [a, b, c, d] = [0, 1, 2, 3].map((lane) => (first + lane < classes ? -1 : 0));
  return i32x4.const([a, b, c, d]);
}

function writtenOut(classes: number): Walk {
  return {
    each: (write) =>
      Array.from({ length: Math.ceil(classes / 4) }, (_, vector) => {
        const place = { address: 0, offset: vector * 16, numbers: fourFrom(vector * 4) };
        return write(place, insideOf(vector * 4, classes), vector);
      }),
  };
}

function looped(f: FunctionBuilder, classes: number): Walk {
  const whole = Math.floor(classes / 4) * 4;
  return {
    each: (write) => {
      f.for({ to: whole * 4, step: 16 }, (address) => {
        const first = i32x4.splat(i32.shrU(address, 2));
        write({ address, offset: 0, numbers: i32x4.add(first, fourFrom(0)) }, undefined, 0);
      });
      if (whole < classes)
        write({ address: 0, offset: whole * 4, numbers: fourFrom(whole) }, insideOf(whole, classes), 0);
      return undefined;
    },
  };
}

/** s · target of four classes. */
function target(
  { classes, gradientScale = 1, labelSmoothing = 0 }: SoftmaxShape,
  label: I32,
  { numbers }: Place,
  inside: V128 | undefined,
): V128 {
  const even = f32x4.const((gradientScale * labelSmoothing) / classes);
  const own = f32x4.const(gradientScale * (1 - labelSmoothing));
  const isLabel = i32x4.eq(numbers, i32x4.splat(label));
  return f32x4.add(inside ? v128.and(even, inside) : even, v128.and(own, isLabel));
}

function across(vector: Local<"v128">, join: typeof f32.add): F32 {
  return join(
    join(f32x4.extractLane(vector, 0), f32x4.extractLane(vector, 1)),
    join(f32x4.extractLane(vector, 2), f32x4.extractLane(vector, 3)),
  );
}
