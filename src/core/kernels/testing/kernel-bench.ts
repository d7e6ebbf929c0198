import { type FunctionReference, ModuleBuilder, pageBytes } from "../../wasm/index.js";
import type { Arithmetic } from "../arithmetic.js";
import type { Emitter } from "../emitter.js";
import { narrowTiling, type Tiling } from "../tiling.js";

/** One kernel over a memory of its own, to be filled and read from both sides. */
export interface KernelBench<Name extends string> {
  readonly floats: Float32Array;
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
  run(args: Readonly<Record<Name, number>>): void;
}

/** Tables of constants come at the end of the memory; its start is the test's. */
const constantsStart = 15 * pageBytes;

export function kernelBench<Name extends string>(
  arithmetic: Arithmetic,
  emit: (emitter: Emitter) => FunctionReference<Name>,
  tiling: Tiling = narrowTiling,
): KernelBench<Name> {
  const module = new ModuleBuilder({ maximumPages: 16, shared: false });
  const memory = new WebAssembly.Memory({ initial: 16, maximum: 16 });
  const words = new Int32Array(memory.buffer);
  let end = constantsStart;
  const kernel = emit({
    module,
    arithmetic,
    tiling,
    constants: (values) => {
      const address = end;
      words.set(values, address / 4);
      end += values.length * 4;
      return address;
    },
  });
  module.function(kernel.parameters, (f, parameters) => f.call(kernel, parameters), { exportAs: "run" });
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { engine: { memory } });
  const run = instance.exports.run as (...args: readonly number[]) => void;
  return {
    floats: new Float32Array(memory.buffer),
    words,
    bytes: new Uint8Array(memory.buffer),
    run: (args) => run(...kernel.parameters.map((name) => args[name])),
  };
}
