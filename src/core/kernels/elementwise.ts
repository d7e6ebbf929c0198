import { f32x4, i32, i32x4, type Local, type V128, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";
import { exp } from "./exponential.js";

/** x → change(x) in place over [address, end), a multiple of 16 bytes. */
function emitInPlace(emitter: Emitter, key: string, change: (x: V128, keep: Keep) => V128) {
  return emitter.module.once(key, () =>
    emitter.module.function(["address", "end"], (f, { address, end }) => {
      f.while(i32.ltU(address, end), () => {
        const x = f.let(v128.load(address));
        f.do(
          v128.store(
            address,
            change(x, (value) => f.let(value)),
          ),
        );
        f.add(address, 16);
      });
    }),
  );
}

type Keep = (value: V128) => Local<"v128">;

export type ActivationKind = "relu" | "tanh" | "sigmoid";

/** σ(x) = 1 / (1 + e^−x). */
export function sigmoid(emitter: Emitter, x: V128, keep: Keep): V128 {
  const one = f32x4.const(1);
  return f32x4.div(one, f32x4.add(one, exp(emitter.arithmetic, f32x4.neg(x), keep)));
}

/** tanh(x) = 1 − 2 / (e^2x + 1). */
export function tanh(emitter: Emitter, x: V128, keep: Keep): V128 {
  const one = f32x4.const(1);
  const power = exp(emitter.arithmetic, f32x4.add(x, x), keep);
  return f32x4.sub(one, f32x4.div(f32x4.const(2), f32x4.add(power, one)));
}

/** The activation in place. */
export function emitActivation(emitter: Emitter, kind: ActivationKind) {
  return emitInPlace(emitter, `activation ${kind}`, (x, keep) =>
    kind === "relu"
      ? f32x4.pmax(x, v128.zero())
      : kind === "tanh"
        ? tanh(emitter, x, keep)
        : sigmoid(emitter, x, keep),
  );
}

/**
 * Zeroes what lies behind `channels` of each pixel's padded numbers. A sigmoid's padding would else be ½, and
 * the weights behind it would learn.
 */
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

/** The gradient in place times the activation's slope, from its output. */
export function emitActivationGradient(emitter: Emitter, kind: ActivationKind) {
  return emitter.module.once(`activation gradient ${kind}`, () =>
    emitter.module.function(["gradient", "end", "output"], (f, { gradient, end, output }) => {
      f.while(i32.ltU(gradient, end), () => {
        const g = v128.load(gradient);
        const y = f.let(v128.load(output));
        const one = f32x4.const(1);
        f.do(
          v128.store(
            gradient,
            kind === "relu"
              ? v128.and(g, f32x4.gt(y, v128.zero()))
              : kind === "tanh"
                ? f32x4.mul(g, f32x4.sub(one, f32x4.mul(y, y)))
                : f32x4.mul(g, f32x4.mul(y, f32x4.sub(one, y))),
          ),
        );
        f.add(gradient, 16);
        f.add(output, 16);
      });
    }),
  );
}

/** mix32 of random.ts, four lanes at once. */
function mix(x: V128, keep: Keep): V128 {
  const a = keep(v128.xor(x, i32x4.shrU(x, 16)));
  const b = keep(i32x4.mul(a, i32x4.splat(0x7feb352d)));
  const c = keep(v128.xor(b, i32x4.shrU(b, 15)));
  const d = keep(i32x4.mul(c, i32x4.splat(0x846ca68b | 0)));
  return v128.xor(d, i32x4.shrU(d, 16));
}

const golden = 0x9e3779b1 | 0;

/**
 * Each number is kept and scaled by 1 / (1 − rate), or zeroed, as the counter-based generator says for its
 * index: the same function serves the gradient.
 */
export function emitDropout(emitter: Emitter, rate: number) {
  const threshold = Math.round(rate * 2 ** 24);
  return emitter.module.once(`dropout ${rate}`, () =>
    emitter.module.function(
      ["from", "to", "bytes", "key", "firstIndex"],
      (f, { from, to, bytes, key, firstIndex }) => {
        const keep: Keep = (value) => f.let(value);
        const first = i32.add(i32.mul(firstIndex, golden), key);
        const lanes = i32x4.const([0, golden, Math.imul(golden, 2), Math.imul(golden, 3)]);
        const counter = f.let(i32x4.add(i32x4.splat(first), lanes));
        f.for({ to: bytes, step: 16 }, () => {
          const hash = i32x4.shrU(keep(mix(counter, keep)), 8);
          const kept = i32x4.geS(hash, i32x4.splat(threshold));
          const scaled = f32x4.mul(v128.load(from), f32x4.const(1 / (1 - rate)));
          f.do(v128.store(to, v128.and(scaled, kept)));
          f.set(counter, i32x4.add(counter, i32x4.splat(Math.imul(golden, 4))));
          f.add(from, 16);
          f.add(to, 16);
        });
      },
    ),
  );
}
