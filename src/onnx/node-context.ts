import type { NodeProto } from "onnx-buf";
import type { Atom } from "./view.js";

/** The node that is being read, as those see it who make layers of what it gives. */
export interface NodeContext {
  readonly node: Pick<NodeProto, "name" | "input" | "output">;
  /** The axis of images. */
  readonly batch: Atom;
  /** @throws HeddleError naming the node, and why it can't be taken */
  refuse(why: string, cause?: unknown): never;
  /** Keeps what no layer shows for the report. */
  note(words: string): void;
  /** Counts memory that the file's own bytes don't explain. @throws HeddleError where it is too much */
  count(bytes: number): void;
  /** Counts products of constants with each other. @throws HeddleError where they are too many */
  multiply(products: number): void;
}
