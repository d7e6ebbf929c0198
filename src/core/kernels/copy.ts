import { v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";
import { forVectors } from "./vectors.js";

/** The same numbers up to the end of `to`. */
export function emitCopy(emitter: Emitter) {
  return emitter.module.once("copy", () =>
    emitter.module.function(["from", "to", "end"], (f, { from, to, end }) => {
      forVectors(emitter, f, [to, from], end, (at) => {
        const value = f.let(v128.load(from, at));
        f.do(v128.store(to, value, at));
      });
    }),
  );
}
