import type { FunctionReference } from "./function.js";
import { ModuleBuilder } from "./module.js";

/** A module of which nothing is emitted: for plans that are only to show what they would ask for. */
export class Outline extends ModuleBuilder {
  constructor(shared: boolean) {
    super({ maximumPages: 1, shared });
  }

  override function<const Name extends string = never>(
    parameters: readonly Name[],
    _write: unknown,
    options: { result?: "i32"; exportAs?: string } = {},
  ): FunctionReference<Name> {
    return { index: 0, parameters, result: options.result };
  }

  override bytes(): never {
    throw new Error("An outline has no bytes.");
  }
}
