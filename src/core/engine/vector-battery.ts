import type { Arithmetic } from "../kernels/arithmetic.js";
import { emitCopy } from "../kernels/copy.js";
import type { Emitter } from "../kernels/emitter.js";
import type { Tiling } from "../kernels/tiling.js";
import { createRandom } from "../random.js";
import { type FunctionBuilder, i32, ModuleBuilder, pageBytes } from "../wasm/index.js";
import { type Call, callKernels } from "./vector-battery-calls.js";

const pages = 32;

/** Numbers that kernels read; what they write lies behind. */
const inputBytes = 8 * pageBytes;

/**
 * All that a small battery of kernels leaves in memory. It is compiled and run at once, by whichever of the runtime's
 * compilers is at work.
 *
 * @param edition a number of the module's own: runtimes keep the code of equal modules
 */
export function vectorBattery(arithmetic: Arithmetic, tiling: Tiling, edition: number): Int32Array {
  const module = new ModuleBuilder({ maximumPages: pages, shared: false });
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const words = new Int32Array(memory.buffer);
  const random = createRandom(1);
  new Float32Array(memory.buffer, 0, inputBytes / 4).forEach((_, index, numbers) => {
    numbers[index] = random.uniform() * 2 - 1;
  });
  let end = inputBytes;
  const room = (bytes: number): number => {
    const address = end;
    end += Math.ceil(bytes / 64) * 64;
    return address;
  };
  const tables: { address: number; values: readonly number[] }[] = [];
  const emitter: Emitter = {
    module,
    arithmetic,
    tiling,
    constants: (values) => {
      const address = room(values.length * 4);
      tables.push({ address, values });
      return address;
    },
  };
  const calls: ((f: FunctionBuilder) => void)[] = [];
  const call: Call = (target, args) => calls.push((f) => f.call(target, args));
  const copied = (bytes: number, from: number): number => {
    const to = room(bytes);
    call(emitCopy(emitter), { from, to, end: to + bytes });
    return to;
  };
  callKernels({ emitter, room, copied, call });
  module.function(
    [],
    (f) => {
      f.drop(i32.const(edition));
      for (const call of calls) call(f);
    },
    { exportAs: "run" },
  );
  for (const { address, values } of tables) words.set(values, address / 4);
  const instance = new WebAssembly.Instance(new WebAssembly.Module(module.bytes()), { engine: { memory } });
  (instance.exports.run as () => void)();
  return words;
}
