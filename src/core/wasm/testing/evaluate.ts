import type { FunctionBuilder, Local } from "../function.js";
import { ModuleBuilder } from "../module.js";

/** What one emitted function gave, and the memory it left. */
export interface Evaluation {
  readonly result: number;
  readonly bytes: Uint8Array;
  readonly words: Int32Array;
  readonly floats: Float32Array;
}

/** A module's functions over a page of memory, shared or not, and what else it imports. */
export function instantiate(
  module: ModuleBuilder,
  shared: boolean,
  imports: Readonly<Record<string, () => number>> = {},
) {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1, shared });
  const engine = { memory, ...imports };
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { engine });
  const exports = instance.exports as Record<string, (...args: readonly number[]) => number>;
  return { exports, buffer: memory.buffer };
}

/** Emits a function, runs it once over a page of shared memory that holds `memory` from the start on. */
export function evaluate<Name extends string = never>(
  write: (f: FunctionBuilder, parameters: Readonly<Record<Name, Local<"i32">>>) => void,
  { args, memory = new Uint8Array() }: { args?: Readonly<Record<Name, number>>; memory?: Uint8Array } = {},
): Evaluation {
  const given: Readonly<Record<string, number>> = args ?? {};
  const module = new ModuleBuilder({ maximumPages: 1, shared: true });
  module.function(Object.keys(given) as Name[], write, { result: "i32", exportAs: "main" });
  const { exports, buffer } = instantiate(module, true);
  const bytes = new Uint8Array(buffer);
  bytes.set(memory);
  const result = exports.main(...Object.values(given));
  return { result, bytes, words: new Int32Array(buffer), floats: new Float32Array(buffer) };
}
