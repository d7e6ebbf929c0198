import type { NodeReader } from "../node-reader.js";
import type { Value } from "../view.js";

/** What a node gives: its first output, or all of them, undefined where one can't be read. */
export type Operator = (node: NodeReader) => Value | readonly (Value | undefined)[];

/** How each operator is read, by its name. */
export type Operators = ReadonlyMap<string, Operator>;
