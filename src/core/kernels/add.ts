import { f32x4, i32, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";

/** out = a + b up to the end of out; out may be one of them. */
export function emitAdd(emitter: Emitter) {
  return emitter.module.once("add", () =>
    emitter.module.function(["a", "b", "out", "end"], (f, { a, b, out, end }) => {
      f.while(i32.ltU(out, end), () => {
        f.do(v128.store(out, f32x4.add(v128.load(a), v128.load(b))));
        for (const pointer of [a, b, out]) f.add(pointer, 16);
      });
    }),
  );
}
