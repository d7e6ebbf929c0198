import { f32, f32x4, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";

/** a ← a + share · (w − a) for whole vectors of four numbers, the share at an address. */
export function emitWeightAverage(emitter: Emitter, share: { readonly address: number }) {
  return emitter.module.function(["average", "weights", "bytes"], (f, { average, weights, bytes }) => {
    const part = f.let(f32x4.splat(f32.load(share.address)));
    f.for({ to: bytes, step: 16 }, () => {
      const before = f.let(v128.load(average));
      const towards = f32x4.sub(v128.load(weights), before);
      f.do(v128.store(average, emitter.arithmetic.madd(towards, part, before)));
      for (const pointer of [average, weights]) f.add(pointer, 16);
    });
  });
}
