import { f32x4, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";
import { type Rectifier, rectified } from "./rectifier.js";
import { forVectors } from "./vectors.js";

/** out = a + b, rectified if so, up to the end of out; out may be one of them. */
export function emitAdd(emitter: Emitter, rectifier?: Rectifier) {
  return emitter.module.once(`add ${rectifier}`, () =>
    emitter.module.function(["a", "b", "out", "end"], (f, { a, b, out, end }) => {
      forVectors(emitter, f, [out, a, b], end, (at) => {
        const sum = f.let(rectified(f32x4.add(v128.load(a, at), v128.load(b, at)), rectifier));
        f.do(v128.store(out, sum, at));
      });
    }),
  );
}
