import { f32x4, i32, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";

/** Emits (a, b, out, end): out = a + b up to the end of out; out may be one of them. */
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

/** Emits (from, to, end): the same numbers up to the end of `to`. */
export function emitCopy(emitter: Emitter) {
  return emitter.module.once("copy", () =>
    emitter.module.function(["from", "to", "end"], (f, { from, to, end }) => {
      f.while(i32.ltU(to, end), () => {
        f.do(v128.store(to, v128.load(from)));
        for (const pointer of [from, to]) f.add(pointer, 16);
      });
    }),
  );
}
