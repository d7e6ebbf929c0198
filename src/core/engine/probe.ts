import { f32x4, ModuleBuilder, v128 } from "../wasm/index.js";

function accepts(write: () => ReturnType<typeof v128.zero>, shared = false): boolean {
  const module = new ModuleBuilder({ maximumPages: 1, shared });
  module.function([], (f) => f.drop(write()));
  return WebAssembly.validate(module.bytes());
}

/** Whether this runtime knows 128-bit SIMD at all; nothing runs without. */
export const hasSimd = (): boolean => accepts(() => v128.zero());

/** Whether this runtime knows the relaxed fused multiply-add. */
export const hasRelaxedSimd = (): boolean =>
  accepts(() => f32x4.relaxedMadd(v128.zero(), v128.zero(), v128.zero()));
