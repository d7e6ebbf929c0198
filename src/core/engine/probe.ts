import { f32x4, ModuleBuilder, v128 } from "../wasm/index.js";

function moduleOf(write: (module: ModuleBuilder) => void): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder({ maximumPages: 1, shared: false });
  write(module);
  return module.bytes();
}

/** Whether this runtime knows 128-bit SIMD at all; nothing runs without. */
export const hasSimd = (): boolean =>
  WebAssembly.validate(moduleOf((module) => module.function([], (f) => f.drop(v128.zero()))));

/** Loads a, b and c from the beginning of the memory and leaves a · b + c there. */
const multiplyAdd = (): Uint8Array<ArrayBuffer> =>
  moduleOf((module) =>
    module.function(
      ["at"],
      (f, { at }) =>
        f.do(v128.store(at, f32x4.relaxedMadd(v128.load(at), v128.load(at, 16), v128.load(at, 32)))),
      { exportAs: "run" },
    ),
  );

/** What the processor said: every network asks. Whether the runtime knows the instruction may still change by its flags. */
let known: boolean | undefined;

/**
 * Whether the relaxed multiply-add rounds once here: a runtime that knows it multiplies, rounds and adds where the
 * processor has no fused one, and networks then say that they are portable, as they are.
 */
export function hasFusedMultiplyAdd(): boolean {
  if (known !== undefined) return known;
  const bytes = multiplyAdd();
  if (!WebAssembly.validate(bytes)) return false;
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const ulp = 2 ** -23;
  const numbers = new Float32Array(memory.buffer);
  for (const [at, value] of [1 + ulp, 1 - ulp, -1].entries()) numbers.fill(value, 4 * at, 4 * at + 4);
  const instance = runnable(bytes, memory);
  // Where nothing may be compiled, who compiles next says why.
  if (!instance) return true;
  (instance.exports.run as (at: number) => void)(0);
  // (1 + u)(1 − u) − 1 = −u², and 0 where the product is rounded to 1 before.
  known = numbers[0] === -(ulp * ulp);
  return known;
}

function runnable(
  bytes: Uint8Array<ArrayBuffer>,
  memory: WebAssembly.Memory,
): WebAssembly.Instance | undefined {
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(bytes), { engine: { memory } });
  } catch {
    return undefined;
  }
}
