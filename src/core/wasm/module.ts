import { unsigned, utf8, vector } from "./encoding.js";
import type { ValueType } from "./expression.js";
import { FunctionBuilder, type FunctionReference, type Local, typeCode } from "./function.js";

interface Defined extends FunctionReference {
  readonly body: number[];
}

/** Pages are 64 KiB. */
export const pageBytes = 65_536;

/** Collects functions over one imported memory (`engine.memory`) and gives the module's bytes. */
export class ModuleBuilder {
  readonly #functions: Defined[] = [];
  readonly #exports: { name: string; index: number }[] = [];
  readonly #memo = new Map<string, FunctionReference>();

  /** The module takes any memory of up to so many pages. */
  constructor(readonly memory: { readonly maximumPages: number; readonly shared: boolean }) {}

  /** Adds a function of i32 parameters; `result: "i32"` for one that returns. */
  function(
    parameterCount: number,
    write: (f: FunctionBuilder, ...parameters: Local<"i32">[]) => void,
    options: { result?: "i32"; exportAs?: string } = {},
  ): FunctionReference {
    const builder = new FunctionBuilder(parameterCount);
    write(builder, ...builder.parameters);
    const parameters = new Array<ValueType>(parameterCount).fill("i32");
    const index = this.#functions.length;
    const defined: Defined = { index, parameters, result: options.result, body: builder.finish() };
    this.#functions.push(defined);
    if (options.exportAs) this.#exports.push({ name: options.exportAs, index });
    return defined;
  }

  /** The function made earlier under this key, or a new one: equal kernels are emitted once. */
  once(key: string, make: () => FunctionReference): FunctionReference {
    let found = this.#memo.get(key);
    if (!found) {
      found = make();
      this.#memo.set(key, found);
    }
    return found;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const { maximumPages, shared } = this.memory;
    const limits = [shared ? 3 : 1, ...unsigned(1), ...unsigned(maximumPages)];
    const types = this.#functions.map(({ parameters, result }) => [
      0x60,
      ...vector(parameters.map((type) => [typeCode[type]])),
      ...vector(result ? [[typeCode[result]]] : []),
    ]);
    const sections = [
      [1, vector(types)],
      [2, vector([[...utf8("engine"), ...utf8("memory"), 2, ...limits]])],
      [3, vector(this.#functions.map((_, index) => unsigned(index)))],
      [7, vector(this.#exports.map(({ name, index }) => [...utf8(name), 0, ...unsigned(index)]))],
      [10, vector(this.#functions.map(({ body }) => body))],
    ] as const;
    const magic = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0];
    const heads = sections.map(([id, content]) => [id, ...unsigned(content.length)]);
    const total = sections.reduce(
      (sum, [, content], at) => sum + heads[at].length + content.length,
      magic.length,
    );
    const bytes = new Uint8Array(total);
    bytes.set(magic);
    let at = magic.length;
    sections.forEach(([, content], section) => {
      bytes.set(heads[section], at);
      bytes.set(content, at + heads[section].length);
      at += heads[section].length + content.length;
    });
    return bytes;
  }
}
