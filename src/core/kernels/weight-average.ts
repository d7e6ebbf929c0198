import { f32, f32x4, i32, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";
import { forVectors } from "./vectors.js";

/** a ← a + share · (w − a) for whole vectors of four numbers, the share at an address. */
export function emitWeightAverage(emitter: Emitter, share: { readonly address: number }) {
  return emitter.module.function(["average", "weights", "bytes"], (f, { average, weights, bytes }) => {
    const part = f.let(f32x4.splat(f32.load(share.address)));
    forVectors(emitter, f, [average, weights], i32.add(average, bytes), (at) => {
      const before = f.let(v128.load(average, at));
      const towards = f32x4.sub(v128.load(weights, at), before);
      const moved = f.let(emitter.arithmetic.madd(towards, part, before));
      f.do(v128.store(average, moved, at));
    });
  });
}
