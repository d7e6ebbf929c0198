import type { ActivationName } from "../layers/layer.js";
import { type FunctionBuilder, f32x4, i32x4, type Local, type V128, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";
import { exp, expm1 } from "./exponential.js";
import { rectified } from "./rectifier.js";
import { forVectors } from "./vectors.js";

/** An activation that does something. */
export type ActivationKind = Exclude<ActivationName, "linear">;

/** Which activation, and the slope below zero of one that has one. */
export interface ActivationSettings {
  readonly kind: ActivationKind;
  readonly negativeSlope?: number;
}

type Keep = (value: V128) => Local<"v128">;

/** What a formula is written with. */
interface Means {
  readonly emitter: Emitter;
  readonly keep: Keep;
  readonly negativeSlope: number;
}

interface CommonFormula {
  /** y of x. */
  value(x: Local<"v128">, means: Means): V128;
  /** Whether 0 stays 0: else the padding of pixels must be cleared, or the weights behind it would learn. */
  readonly keepsZero: boolean;
}

/** The slope follows from the output: x need not be kept, and y may take its place. */
interface FromOutput extends CommonFormula {
  readonly slopeFrom: "output";
  /** The gradient g times the slope at the output y. */
  gradient(g: V128, y: Local<"v128">, means: Means): V128;
  /** Whether y is above zero just where x is: then a ReLU before it still finds its slope in y. */
  readonly keepsSign: boolean;
}

/** The slope follows from the input alone. */
interface FromInput extends CommonFormula {
  readonly slopeFrom: "input";
  /** The gradient g times the slope at the input x. */
  gradient(g: V128, x: Local<"v128">, means: Means): V128;
  readonly keepsSign: false;
}

const one = f32x4.const(1);
const half = f32x4.const(0.5);

/** σ(x) = 1 / (1 + e^−x). */
export function sigmoid(emitter: Emitter, x: V128, keep: Keep): V128 {
  return f32x4.div(one, f32x4.add(one, exp(emitter.arithmetic, f32x4.neg(x), keep)));
}

/** tanh(x) = 1 − 2 / (e^2x + 1). */
export function tanh(emitter: Emitter, x: V128, keep: Keep): V128 {
  const power = exp(emitter.arithmetic, f32x4.add(x, x), keep);
  return f32x4.sub(one, f32x4.div(f32x4.const(2), f32x4.add(power, one)));
}

/** 2 · (s + s³/3 + s⁵/5 + …) with s = u / (2 + u): ln(1 + u) for 0 ≤ u ≤ 1, whose remainder is below 1e-9. */
export function log1pOfShare({ emitter, keep }: Pick<Means, "emitter" | "keep">, u: V128): V128 {
  const x = keep(u);
  const s = keep(f32x4.div(x, f32x4.add(x, f32x4.const(2))));
  const square = keep(f32x4.mul(s, s));
  let sum = keep(f32x4.const(2 / 17));
  for (let power = 15; power > 0; power -= 2)
    sum = keep(emitter.arithmetic.madd(sum, square, f32x4.const(2 / power)));
  return f32x4.mul(sum, s);
}

export const abs = (x: V128): V128 => v128.and(x, i32x4.splat(0x7fffffff));

/** GELU's approximation by tanh: √(2/π) · (x + 0.044715 x³). */
const geluScale = Math.sqrt(2 / Math.PI);
const geluCubic = 0.044715;

/** ½ (1 + tanh z) = σ(2z), which loses nothing where tanh z is near −1. */
function geluGate({ emitter, keep }: Means, x: Local<"v128">): V128 {
  const inner = emitter.arithmetic.madd(f32x4.const(geluCubic), f32x4.mul(x, x), one);
  return sigmoid(emitter, f32x4.mul(f32x4.mul(f32x4.const(2 * geluScale), x), inner), keep);
}

/** Chebyshev's coefficients of ln(erfc(z) / t) + z² in t = 1 / (1 + z/2) (Press et al., Numerical Recipes, `erfcc`). */
const erfcSeries = [
  0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196,
  1.00002368, -1.26551223,
];

/** The normal distribution Φ(x) = ½ erfc(−x / √2), to 1.2e-7 of erfc. */
function normalShare({ emitter: { arithmetic }, keep }: Means, x: Local<"v128">): V128 {
  const z = keep(f32x4.mul(abs(x), f32x4.const(Math.SQRT1_2)));
  const t = keep(f32x4.div(one, arithmetic.madd(z, half, one)));
  let sum = keep(f32x4.const(erfcSeries[0]));
  for (const coefficient of erfcSeries.slice(1))
    sum = keep(arithmetic.madd(sum, t, f32x4.const(coefficient)));
  const power = exp(arithmetic, f32x4.sub(sum, f32x4.mul(z, z)), keep);
  const tail = keep(f32x4.mul(f32x4.mul(half, t), power));
  return v128.bitselect(f32x4.sub(one, tail), tail, f32x4.gt(x, v128.zero()));
}

const formulas: Readonly<Record<ActivationKind, FromOutput | FromInput>> = {
  relu: {
    value: (x) => rectified(x, "relu"),
    slopeFrom: "output",
    gradient: (g, y) => v128.and(g, f32x4.gt(y, v128.zero())),
    keepsSign: true,
    keepsZero: true,
  },
  relu6: {
    value: (x) => rectified(x, "relu6"),
    slopeFrom: "output",
    gradient: (g, y) => v128.and(g, v128.and(f32x4.gt(y, v128.zero()), f32x4.lt(y, f32x4.const(6)))),
    keepsSign: true,
    keepsZero: true,
  },
  leakyRelu: {
    value: (x, { negativeSlope }) =>
      v128.bitselect(x, f32x4.mul(x, f32x4.const(negativeSlope)), f32x4.gt(x, v128.zero())),
    slopeFrom: "output",
    gradient: (g, y, { negativeSlope, keep }) => {
      const whole = keep(g);
      return v128.bitselect(whole, f32x4.mul(whole, f32x4.const(negativeSlope)), f32x4.gt(y, v128.zero()));
    },
    keepsSign: true,
    keepsZero: true,
  },
  elu: {
    value: (x, { emitter, keep }) =>
      v128.bitselect(x, expm1(emitter.arithmetic, x, keep), f32x4.gt(x, v128.zero())),
    slopeFrom: "output",
    gradient: (g, y, { keep }) => {
      const whole = keep(g);
      return v128.bitselect(whole, f32x4.mul(whole, f32x4.add(y, one)), f32x4.gt(y, v128.zero()));
    },
    keepsSign: true,
    keepsZero: true,
  },
  tanh: {
    value: (x, { emitter, keep }) => tanh(emitter, x, keep),
    slopeFrom: "output",
    gradient: (g, y) => f32x4.mul(g, f32x4.sub(one, f32x4.mul(y, y))),
    // Of less than 3e-8 it is zero.
    keepsSign: false,
    keepsZero: true,
  },
  sigmoid: {
    value: (x, { emitter, keep }) => sigmoid(emitter, x, keep),
    slopeFrom: "output",
    gradient: (g, y) => f32x4.mul(g, f32x4.mul(y, f32x4.sub(one, y))),
    keepsSign: false,
    keepsZero: false,
  },
  softplus: {
    // max(x, 0) + ln(1 + e^−|x|), which neither overflows nor loses what is small.
    value: (x, means) => {
      const { emitter, keep } = means;
      const power = exp(emitter.arithmetic, f32x4.neg(abs(x)), keep);
      return f32x4.add(f32x4.pmax(x, v128.zero()), log1pOfShare(means, power));
    },
    slopeFrom: "output",
    // σ(x) = 1 − e^−y.
    gradient: (g, y, { emitter, keep }) =>
      f32x4.mul(g, f32x4.neg(expm1(emitter.arithmetic, keep(f32x4.neg(y)), keep))),
    keepsSign: false,
    keepsZero: false,
  },
  silu: {
    value: (x, { emitter, keep }) => f32x4.mul(x, sigmoid(emitter, x, keep)),
    slopeFrom: "input",
    // σ + x σ (1 − σ).
    gradient: (g, x, { emitter, keep }) => {
      const s = keep(sigmoid(emitter, x, keep));
      return f32x4.mul(g, emitter.arithmetic.madd(f32x4.mul(x, s), f32x4.sub(one, s), s));
    },
    keepsSign: false,
    keepsZero: true,
  },
  hardSwish: {
    value: (x) => {
      const shifted = f32x4.add(x, f32x4.const(3));
      const gate = f32x4.pmin(f32x4.pmax(shifted, v128.zero()), f32x4.const(6));
      return f32x4.mul(f32x4.mul(x, gate), f32x4.const(1 / 6));
    },
    slopeFrom: "input",
    // 0 up to −3, 1 from 3 on, between them x/3 + ½.
    gradient: (g, x, { emitter, keep }) => {
      const whole = keep(g);
      const inside = f32x4.mul(whole, emitter.arithmetic.madd(x, f32x4.const(1 / 3), half));
      const below = v128.and(inside, f32x4.gt(x, f32x4.const(-3)));
      return v128.bitselect(below, whole, f32x4.lt(x, f32x4.const(3)));
    },
    keepsSign: false,
    keepsZero: true,
  },
  gelu: {
    value: (x, means) => f32x4.mul(x, normalShare(means, x)),
    slopeFrom: "input",
    // Φ(x) + x φ(x).
    gradient: (g, x, means) => {
      const { emitter, keep } = means;
      const share = keep(normalShare(means, x));
      const square = f32x4.mul(f32x4.mul(x, x), f32x4.const(-0.5));
      const density = f32x4.mul(
        exp(emitter.arithmetic, square, keep),
        f32x4.const(1 / Math.sqrt(2 * Math.PI)),
      );
      return f32x4.mul(g, emitter.arithmetic.madd(x, density, share));
    },
    keepsSign: false,
    keepsZero: true,
  },
  geluTanh: {
    value: (x, means) => f32x4.mul(x, geluGate(means, x)),
    slopeFrom: "input",
    // s + x s (1 − s) · 2 √(2/π) (1 + 3 · 0.044715 x²) with s = σ(2z).
    gradient: (g, x, means) => {
      const { emitter, keep } = means;
      const s = keep(geluGate(means, x));
      const inner = emitter.arithmetic.madd(f32x4.const(3 * geluCubic), f32x4.mul(x, x), one);
      const slope = f32x4.mul(f32x4.mul(f32x4.const(2 * geluScale), x), inner);
      return f32x4.mul(g, emitter.arithmetic.madd(f32x4.mul(s, f32x4.sub(one, s)), slope, s));
    },
    keepsSign: false,
    keepsZero: true,
  },
};

/** What those who place an activation must know of it. */
export const activationFacts = (
  kind: ActivationKind,
): Pick<FromOutput | FromInput, "slopeFrom" | "keepsSign" | "keepsZero"> => formulas[kind];

const keyOf = ({ kind, negativeSlope }: ActivationSettings): string =>
  kind === "leakyRelu" ? `${kind} ${slopeOf({ kind, negativeSlope })}` : kind;

/** Where leakyRelu isn't told: as in PyTorch. */
export const defaultNegativeSlope = 0.01;

const slopeOf = ({ negativeSlope = defaultNegativeSlope }: ActivationSettings): number => negativeSlope;

function meansOf(emitter: Emitter, f: FunctionBuilder, settings: ActivationSettings): Means {
  return { emitter, keep: (each) => f.let(each), negativeSlope: slopeOf(settings) };
}

/** The activation in place over [address, end), a multiple of 16 bytes. */
export function emitActivation(emitter: Emitter, settings: ActivationSettings) {
  const { value } = formulas[settings.kind];
  return emitter.module.once(`activation ${keyOf(settings)}`, () =>
    emitter.module.function(["address", "end"], (f, { address, end }) => {
      const means = meansOf(emitter, f, settings);
      forVectors(emitter, f, [address], end, (at) => {
        const x = f.let(v128.load(address, at));
        const y = f.let(value(x, means));
        f.do(v128.store(address, y, at));
      });
    }),
  );
}

/** The activation of [from, end) to another place, where what it is of is still needed. */
export function emitActivationApart(emitter: Emitter, settings: ActivationSettings) {
  const { value } = formulas[settings.kind];
  return emitter.module.once(`activation ${keyOf(settings)} apart`, () =>
    emitter.module.function(["from", "end", "to"], (f, { from, end, to }) => {
      const means = meansOf(emitter, f, settings);
      forVectors(emitter, f, [from, to], end, (at) => {
        const x = f.let(v128.load(from, at));
        const y = f.let(value(x, means));
        f.do(v128.store(to, y, at));
      });
    }),
  );
}

/** The gradient in place over [gradient, end) times the slope that follows from the output. */
export function emitActivationGradient(emitter: Emitter, settings: ActivationSettings) {
  const { gradient: formula } = formulas[settings.kind];
  return emitter.module.once(`activation gradient ${keyOf(settings)}`, () =>
    emitter.module.function(["gradient", "end", "output"], (f, { gradient, end, output }) => {
      const means = meansOf(emitter, f, settings);
      forVectors(emitter, f, [gradient, output], end, (at) => {
        const g = v128.load(gradient, at);
        const y = f.let(v128.load(output, at));
        const dx = f.let(formula(g, y, means));
        f.do(v128.store(gradient, dx, at));
      });
    }),
  );
}

/** The gradient of [gradient, end) times the slope that follows from the input, to another place. */
export function emitActivationGradientApart(emitter: Emitter, settings: ActivationSettings) {
  const { gradient: formula } = formulas[settings.kind];
  return emitter.module.once(`activation gradient ${keyOf(settings)} apart`, () =>
    emitter.module.function(["gradient", "end", "input", "to"], (f, { gradient, end, input, to }) => {
      const means = meansOf(emitter, f, settings);
      forVectors(emitter, f, [gradient, input, to], end, (at) => {
        const g = v128.load(gradient, at);
        const x = f.let(v128.load(input, at));
        const dx = f.let(formula(g, x, means));
        f.do(v128.store(to, dx, at));
      });
    }),
  );
}
