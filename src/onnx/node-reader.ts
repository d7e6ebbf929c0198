import { AttributeProto_AttributeType, type GraphProto, type NodeProto } from "onnx-buf";
import { quoted } from "../core/options/index.js";
import { type Constant, numbersOf, sizeOf } from "./constant.js";
import type { Importer } from "./importer.js";
import type { NodeContext } from "./node-context.js";
import { nodeName } from "./node-name.js";
import { settled } from "./settle.js";
import { shortestDecimal } from "./shortest-decimal.js";
import type { Atom, Value, View } from "./view.js";

const { FLOAT, INT, STRING, FLOATS, INTS, TENSOR, GRAPH, UNDEFINED } = AttributeProto_AttributeType;

/** What old files say of memory and of training, and what means nothing to an inference. */
const meaningless = new Set(["consumed_inputs", "is_test", "momentum", "storage_order", "seed"]);

/** What may stand behind a softmax that ends a model. */
const atEnds = new Set(["Identity", "Reshape", "Flatten", "Squeeze", "Unsqueeze", "Cast"]);

/** Numbers that a list of sizes or axes may have. */
const longestList = 4096;

/** A node of the file: its inputs and attributes, each read by who knows what it means. */
export class NodeReader implements NodeContext {
  readonly #attributesRead = new Set<string>();
  readonly operator: string;
  readonly outputs: readonly string[];

  constructor(
    readonly node: NodeProto,
    /** Of the operators' set that the file is written in. */
    readonly opset: number,
    readonly importer: Importer,
  ) {
    this.operator = node.opType;
    this.outputs = node.output;
  }

  /** @throws HeddleError naming the node, and why it can't be taken */
  refuse(why: string, cause?: unknown): never {
    const title = `its node ${quoted(nodeName(this.node))} (${this.operator})`;
    return this.importer.refuse(`${title} is none that heddle's layers can express: ${why}`, cause);
  }

  get batch(): Atom {
    return this.importer.batch;
  }

  note(words: string): void {
    this.importer.notes.add(words);
  }

  count(bytes: number): void {
    this.importer.count(bytes, this);
  }

  multiply(products: number): void {
    this.importer.multiply(products, this);
  }

  get inputs(): number {
    return this.node.input.length;
  }

  has(index: number): boolean {
    return index < this.node.input.length && this.node.input[index] !== "";
  }

  value(index: number): Value {
    if (!this.has(index)) return this.refuse(`its input ${index + 1} is missing`);
    return this.named(this.node.input[index]);
  }

  /** What a name stands for, which may be read by a body within the node. */
  named(name: string): Value {
    const value = this.importer.value(name, this);
    if (value.kind === "view" && value.end && !atEnds.has(this.operator))
      return this.refuse(`it reads a ${value.end}, which heddle has at a model's end alone`);
    return value;
  }

  /** An input that depends on the images, its function of each value still pending. */
  pending(index: number): View {
    const value = this.value(index);
    if (value.kind === "view") return value;
    return this.refuse(`its input ${index + 1}, ${quoted(this.node.input[index])}, is a constant`);
  }

  /** The same, as what heddle's layers give. */
  view(index: number): View {
    return settled(this.pending(index), this);
  }

  constant(index: number, what: string): Constant {
    const value = this.value(index);
    if (value.kind === "constant") return value;
    return this.refuse(`its ${what} depend on the images, where they must be known beforehand`);
  }

  /** The short list that a constant is: sizes or axes. */
  numbers(index: number, what: string): readonly number[] {
    const constant = this.constant(index, what);
    const size = sizeOf(constant.dims);
    return size <= longestList
      ? numbersOf(constant)
      : this.refuse(`its ${what} are ${size} numbers, far too many`);
  }

  isConstant(index: number): boolean {
    return this.value(index).kind === "constant";
  }

  #attribute(name: string) {
    this.#attributesRead.add(name);
    return this.node.attribute.find((attribute) => attribute.name === name);
  }

  #typed(name: string, types: readonly AttributeProto_AttributeType[]) {
    const attribute = this.#attribute(name);
    // Files of IR version 2 and before may leave the type out.
    if (attribute && attribute.type !== UNDEFINED && !types.includes(attribute.type))
      return this.refuse(`its attribute ${quoted(name)} has another type than the format says`);
    if (attribute && attribute.refAttrName !== "")
      return this.refuse(`its attribute ${quoted(name)} is that of a function around it`);
    return attribute;
  }

  int(name: string, usual: number): number {
    const attribute = this.#typed(name, [INT]);
    return attribute ? Number(attribute.i) : usual;
  }

  float(name: string, usual: number): number {
    const attribute = this.#typed(name, [FLOAT]);
    return attribute ? shortestDecimal(attribute.f) : usual;
  }

  text(name: string, usual: string): string {
    const attribute = this.#typed(name, [STRING]);
    return attribute ? new TextDecoder().decode(attribute.s) : usual;
  }

  ints(name: string): readonly number[] | undefined {
    return this.#typed(name, [INTS])?.ints.map(Number);
  }

  floats(name: string): readonly number[] | undefined {
    return this.#typed(name, [FLOATS])?.floats;
  }

  strings(name: string): readonly string[] | undefined {
    const attribute = this.#attribute(name);
    return attribute?.strings.map((each) => new TextDecoder().decode(each));
  }

  /** A graph of the node's own. */
  graph(name: string): GraphProto | undefined {
    return this.#typed(name, [GRAPH])?.g;
  }

  tensor(name: string): Constant | undefined {
    const attribute = this.#typed(name, [TENSOR]);
    return attribute?.t && this.importer.decoded(attribute.t);
  }

  /** Axes that newer operators take as an input and older ones as an attribute. */
  axes(name: string, input: number): readonly number[] | undefined {
    if (!this.has(input)) return this.ints(name);
    return this.numbers(input, name);
  }

  /** An axis counted from the front. */
  axis(axis: number, rank: number): number {
    const counted = axis < 0 ? axis + rank : axis;
    if (Number.isInteger(counted) && counted >= 0 && counted < rank) return counted;
    return this.refuse(`its axis ${axis} is none of the ${rank} of its input`);
  }

  /** @throws HeddleError on an attribute that nobody read, for it may mean anything */
  refuseUnread(): void {
    for (const { name } of this.node.attribute) {
      if (!this.#attributesRead.has(name) && !meaningless.has(name))
        this.refuse(`its attribute ${quoted(name)} is not known here`);
    }
  }
}
