import { i32, v128 } from "../wasm/index.js";
import type { Emitter } from "./emitter.js";

/** Zeros from an address, a multiple of 16 bytes on. */
export function emitZero(emitter: Emitter) {
  return emitter.module.once("zero", () =>
    emitter.module.function(["address", "end"], (f, { address, end }) => {
      f.while(i32.ltU(address, end), () => {
        f.do(v128.store(address, v128.zero()));
        f.add(address, 16);
      });
    }),
  );
}
