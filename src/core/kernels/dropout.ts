import { f32x4, i32, i32x4, type Local, type V128, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";
import { forVectors } from "./vectors.js";

type Keep = (value: V128) => Local<"v128">;

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
 * Emits (from, to, bytes, key, firstIndex): each number is kept and scaled by 1 / (1 − rate), or zeroed, as
 * the counter-based generator says for its index: the same function serves the gradient.
 */
export function emitDropout(emitter: Emitter, rate: number) {
  // Never all of them: a rate is less than 1.
  const threshold = Math.min(Math.round(rate * 2 ** 24), 2 ** 24 - 1);
  return emitter.module.once(`dropout ${rate}`, () =>
    emitter.module.function(
      ["from", "to", "bytes", "key", "firstIndex"],
      (f, { from, to, bytes, key, firstIndex }) => {
        const keep: Keep = (value) => f.let(value);
        const first = i32.add(i32.mul(firstIndex, golden), key);
        const lanes = (vector: number) =>
          i32x4.const([0, 1, 2, 3].map((lane) => Math.imul(golden, vector * 4 + lane)) as never);
        const start = f.let(i32x4.splat(first));
        const vectors = emitter.tiling.pairs ? 2 : 1;
        const counters = Array.from({ length: vectors }, (_, vector) =>
          f.let(i32x4.add(start, lanes(vector))),
        );
        forVectors(emitter, f, [to, from], i32.add(to, bytes), (at) => {
          const counter = counters[at / 16];
          const hash = i32x4.shrU(keep(mix(counter, keep)), 8);
          const kept = i32x4.geS(hash, i32x4.splat(threshold));
          const scaled = f32x4.mul(v128.load(from, at), f32x4.const(1 / (1 - rate)));
          const value = keep(v128.and(scaled, kept));
          f.do(v128.store(to, value, at));
          // A vector that is left over after pairs is the last.
          f.set(counter, i32x4.add(counter, i32x4.splat(Math.imul(golden, 4 * vectors))));
        });
      },
    ),
  );
}
