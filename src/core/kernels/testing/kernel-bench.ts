import { type FunctionReference, ModuleBuilder, pageBytes } from "../../wasm/index.js";
import type { Arithmetic } from "../arithmetic.js";
import type { Emitter } from "../emitter.js";
import { narrowTiling, type Tiling, wideTilings } from "../tiling.js";

/** One kernel over a memory of its own, to be filled and read from both sides. */
export interface KernelBench<Name extends string> {
  readonly floats: Float32Array;
  readonly words: Int32Array;
  readonly bytes: Uint8Array;
  /** @throws Error where another tiling's kernel leaves other bytes in such a memory */
  run(args: Readonly<Record<Name, number>>): void;
}

/** Tables of constants come at the end of the memory; its start is the test's. */
const constantsStart = 15 * pageBytes;

type Emit<Name extends string> = (emitter: Emitter) => FunctionReference<Name>;

export function kernelBench<Name extends string>(
  arithmetic: Arithmetic,
  emit: Emit<Name>,
): KernelBench<Name> {
  const narrow = benchOf(arithmetic, emit, narrowTiling);
  // Most kernels are the same in all tilings.
  const others = wideTilings
    .map((tiling) => benchOf(arithmetic, emit, tiling))
    .filter(({ code }) => differenceOf(code, narrow.code) !== undefined);
  const tested = narrow.words.subarray(0, constantsStart / 4);
  return {
    floats: new Float32Array(narrow.words.buffer),
    words: narrow.words,
    bytes: new Uint8Array(narrow.words.buffer),
    run: (args) => {
      for (const { words } of others) words.set(tested);
      narrow.run(args);
      for (const { words, run, tiling } of others) {
        run(args);
        const at = differenceOf(tested, words.subarray(0, tested.length));
        if (at !== undefined)
          throw new Error(`Wide tiles of ${tiling.rows} rows leave other bytes at ${at * 4}.`);
      }
    },
  };
}

/** Where some numbers and others first differ. */
function differenceOf(numbers: ArrayLike<number>, others: ArrayLike<number>): number | undefined {
  const length = Math.max(numbers.length, others.length);
  for (let at = 0; at < length; at++) if (numbers[at] !== others[at]) return at;
  return undefined;
}

function benchOf<Name extends string>(arithmetic: Arithmetic, emit: Emit<Name>, tiling: Tiling) {
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
  const code = module.bytes();
  const instance = new WebAssembly.Instance(new WebAssembly.Module(code), { engine: { memory } });
  const run = instance.exports.run as (...args: readonly number[]) => void;
  return {
    tiling,
    code,
    words,
    run: (args: Readonly<Record<Name, number>>) => run(...kernel.parameters.map((name) => args[name])),
  };
}
