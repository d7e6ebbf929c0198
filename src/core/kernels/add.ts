import { f32x4, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";
import { forVectors } from "./vectors.js";

/** out = a + b up to the end of out; out may be one of them. */
export function emitAdd(emitter: Emitter) {
  return emitter.module.once("add", () =>
    emitter.module.function(["a", "b", "out", "end"], (f, { a, b, out, end }) => {
      forVectors(emitter, f, [out, a, b], end, (at) => {
        const sum = f.let(f32x4.add(v128.load(a, at), v128.load(b, at)));
        f.do(v128.store(out, sum, at));
      });
    }),
  );
}
