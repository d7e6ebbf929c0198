import type { TensorProto } from "onnx-buf";
import { HeddleError } from "../core/errors.js";
import type { Shape } from "../core/layers/layer.js";
import { quoted } from "../core/options/index.js";
import { counted, mebibytes } from "../core/words.js";
import { type Constant, decodeTensor } from "./constant.js";
import type { NodeContext } from "./node-context.js";
import { recognized } from "./recognize.js";
import type { Atom, Draft, Value } from "./view.js";

/** What weights may come to that the file only describes, as by a size and one value. */
const mostMadeBytes = 2 ** 30;

/** Products that constants of one file may take with each other: some seconds' worth. */
const mostProducts = 2 ** 28;

/** What the nodes of a file have given so far, by the names of its tensors. */
export class Importer {
  readonly images: Draft;
  /** The axis of images, whose length is the batch size. */
  readonly batch: Atom;
  /** What was done that no layer shows. */
  readonly notes = new Set<string>();
  readonly #values = new Map<string, Value>();
  #madeBytes = 0;
  #products = 0;

  /**
   * @param source the file, for errors
   * @param tensors those of the file
   * @param readers how many nodes read each tensor
   * @param isNormalized whether no node is of how pixels enter, since they are normalized before
   */
  constructor(
    readonly source: string,
    inputShape: Shape,
    batchSize: number,
    readonly tensors: ReadonlyMap<string, TensorProto>,
    readonly readers: ReadonlyMap<string, number>,
    readonly isNormalized = false,
  ) {
    const channels = inputShape[2];
    const affine = { scale: Array(channels).fill(1), shift: Array(channels).fill(0) };
    this.images = { layer: undefined, affine, inputs: [], shape: inputShape, weights: {}, name: "" };
    this.batch = { size: batchSize };
  }

  /** @throws HeddleError naming the file */
  refuse(why: string, cause?: unknown): never {
    throw new HeddleError(`${this.source}: ${why}.`, { cause });
  }

  has(name: string): boolean {
    return this.#values.has(name) || this.tensors.has(name);
  }

  /** What a name stands for. @throws HeddleError where nothing before gave it */
  value(name: string, context: NodeContext): Value {
    const known = this.#values.get(name);
    if (known) return known;
    const tensor = this.tensors.get(name);
    if (!tensor)
      return context.refuse(
        `it reads ${quoted(name)}, which no node before it gives and no tensor of the file is`,
      );
    const decoded = this.decoded(tensor);
    this.#values.set(name, decoded);
    return decoded;
  }

  decoded(tensor: TensorProto): Constant {
    return decodeTensor(tensor, (why) => this.refuse(why));
  }

  /** What a node gives. @throws HeddleError where that is there already */
  give(name: string, value: Value): void {
    if (this.has(name)) this.refuse(`two of its tensors are named ${quoted(name)}`);
    if (value.kind === "constant") {
      this.#values.set(name, value);
      return;
    }
    const readers = this.readers.get(name) ?? 0;
    // What several nodes read is where functions of its values begin, where it is a layer's work already.
    const begun = value.expression && readers > 1 ? (recognized(value) ?? value) : value;
    this.#values.set(name, { ...begun, sole: begun.sole && readers <= 1 });
  }

  /** @throws HeddleError where a file has constants multiplied with each other without end */
  multiply(products: number, context: NodeContext): void {
    this.#products += products;
    if (this.#products > mostProducts)
      context.refuse(
        `constants are multiplied with each other by more than ${counted(mostProducts)} products`,
      );
  }

  /** @throws HeddleError where a file asks for far more memory than its own bytes explain */
  count(bytes: number, context: NodeContext): void {
    this.#madeBytes += bytes;
    if (this.#madeBytes > mostMadeBytes)
      context.refuse(
        `what the file describes without holding it comes to more than ${mebibytes(mostMadeBytes)} with it`,
      );
  }
}
