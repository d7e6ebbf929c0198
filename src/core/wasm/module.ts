import { ByteWriter } from "./byte-writer.js";
import { unsigned, utf8, vector } from "./encoding.js";
import type { ValueType } from "./expression.js";
import { FunctionBuilder, type FunctionReference, type Local, typeCode } from "./function.js";

/** What the module's type section wants of a function. */
interface Signature {
  readonly parameters: readonly string[];
  readonly result?: ValueType;
}

/** Pages are 64 KiB. */
export const pageBytes = 65_536;

/** Collects functions over one imported memory (`engine.memory`) and gives the module's bytes. */
export class ModuleBuilder {
  readonly #imports: { name: string; reference: FunctionReference<never> }[] = [];
  readonly #functions: { index: number; signature: Signature; body: Uint8Array }[] = [];
  readonly #exports: { name: string; index: number }[] = [];
  readonly #memo = new Map<string, unknown>();

  /** The module takes any memory of up to so many pages. */
  constructor(readonly memory: { readonly maximumPages: number; readonly shared: boolean }) {}

  /** A function of the surroundings, `engine.<name>`: takes nothing, gives an i32. Ask before adding any other. */
  importFunction(name: string): FunctionReference<never> {
    if (this.#functions.length > 0)
      throw new Error(`The import "${name}" came after a function: imports are numbered first.`);
    const reference: FunctionReference<never> = {
      index: this.#imports.length,
      parameters: [],
      result: "i32",
    };
    this.#imports.push({ name, reference });
    return reference;
  }

  /**
   * Adds a function of i32 parameters, which those who call it give by these names; `result: "i32"` for one that
   * returns.
   */
  function<const Name extends string = never>(
    parameters: readonly Name[],
    write: (f: FunctionBuilder, parameters: Readonly<Record<Name, Local<"i32">>>) => void,
    options: { result?: "i32"; exportAs?: string } = {},
  ): FunctionReference<Name> {
    if (new Set(parameters).size < parameters.length)
      throw new RangeError(`A function has two parameters of one name: (${parameters.join(", ")}).`);
    const builder = new FunctionBuilder(parameters.length);
    const named = parameters.map((name, index) => [name, builder.parameters[index]]);
    write(builder, Object.fromEntries(named));
    const index = this.#imports.length + this.#functions.length;
    const reference: FunctionReference<Name> = { index, parameters, result: options.result };
    this.#functions.push({ index, signature: reference, body: builder.finish() });
    if (options.exportAs) this.#exports.push({ name: options.exportAs, index });
    return reference;
  }

  /** The function made earlier under this key, or a new one: equal kernels are emitted once. */
  once<const Name extends string>(key: string, make: () => FunctionReference<Name>): FunctionReference<Name> {
    const found = this.#memo.get(key) as FunctionReference<Name> | undefined;
    if (found) return found;
    const made = make();
    this.#memo.set(key, made);
    return made;
  }

  bytes(): Uint8Array<ArrayBuffer> {
    const { maximumPages, shared } = this.memory;
    const limits = [shared ? 3 : 1, ...unsigned(1), ...unsigned(maximumPages)];
    const signatures: Signature[] = [
      ...this.#imports.map(({ reference }) => reference),
      ...this.#functions.map(({ signature }) => signature),
    ];
    const types = signatures.map(({ parameters, result }) => [
      0x60,
      ...vector(parameters.map(() => [typeCode.i32])),
      ...vector(result ? [[typeCode[result]]] : []),
    ]);
    const imports = this.#imports.map(({ name, reference }) => [
      ...utf8("engine"),
      ...utf8(name),
      0,
      ...unsigned(reference.index),
    ]);
    const module = new ByteWriter();
    module.write([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    const section = (id: number, items: readonly ArrayLike<number>[]) => {
      const count = unsigned(items.length);
      const length = items.reduce((sum, item) => sum + item.length, count.length);
      for (const part of [[id], unsigned(length), count, ...items]) module.write(part);
    };
    section(1, types);
    section(2, [[...utf8("engine"), ...utf8("memory"), 2, ...limits], ...imports]);
    section(
      3,
      this.#functions.map(({ index }) => unsigned(index)),
    );
    section(
      7,
      this.#exports.map(({ name, index }) => [...utf8(name), 0, ...unsigned(index)]),
    );
    section(
      10,
      this.#functions.map(({ body }) => body),
    );
    return module.finish();
  }
}
