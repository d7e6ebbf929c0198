import { i32, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";

/** The same numbers up to the end of `to`. */
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
