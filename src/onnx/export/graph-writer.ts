import type { MessageInitShape } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  type AttributeProtoSchema,
  type NodeProtoSchema,
  TensorProto_DataType,
  type TensorProtoSchema,
} from "onnx-buf";
import { shapeSize } from "../../core/layers/shape.js";

type Attribute = MessageInitShape<typeof AttributeProtoSchema>;

const { FLOAT, INT, INTS, STRING } = AttributeProto_AttributeType;

/** What an attribute holds: `1.5` would be a float and `1` as well, so whole numbers say that they are. */
export type AttributeValue =
  | string
  | readonly number[]
  | { readonly int: number }
  | { readonly float: number };

/** What may stand beside a node's inputs. */
export interface NodeSettings {
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  /** Outputs before the one that is read (default 0). */
  readonly skipped?: number;
}

/** The nodes and constants of an ONNX graph as they come, under names that no two of them share. */
export class GraphWriter {
  readonly nodes: MessageInitShape<typeof NodeProtoSchema>[] = [];
  readonly tensors: MessageInitShape<typeof TensorProtoSchema>[] = [];
  readonly #taken = new Set<string>();
  /** Begins the names of what is written: the layer's. */
  scope = "";

  /** @param opset the version of ONNX's operators that nodes are of */
  constructor(readonly opset: number) {}

  /** A name of its own for a value of the graph. */
  name(wanted: string): string {
    let name = wanted;
    for (let next = 1; this.#taken.has(name); next++) name = `${wanted}_${next}`;
    this.#taken.add(name);
    return name;
  }

  /** A node of one output. @returns the name of that */
  node(
    operator: string,
    inputs: readonly string[],
    { attributes = {}, skipped = 0 }: NodeSettings = {},
  ): string {
    const output = this.name(this.#scoped(operator));
    this.nodes.push({
      opType: operator,
      name: output,
      input: [...inputs],
      output: [...Array.from({ length: skipped }, () => ""), output],
      attribute: Object.entries(attributes).map(([name, value]) => attributeOf(name, value)),
    });
    return output;
  }

  /** Numbers that are known beforehand. @returns their name */
  constant(name: string, dims: readonly number[], data: Float32Array): string {
    const own = this.name(this.#scoped(name, "."));
    if (data.length !== shapeSize(dims)) throw new Error(`${own} has ${data.length} numbers for [${dims}].`);
    this.tensors.push({
      name: own,
      dims: dims.map(BigInt),
      dataType: TensorProto_DataType.FLOAT,
      // Weights may lie in memory that threads share; a file's bytes are copied from it.
      rawData: new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength),
    });
    return own;
  }

  /** One number. */
  number(name: string, value: number): string {
    return this.constant(name, [], Float32Array.of(value));
  }

  /** Sizes or axes. @returns their name */
  sizes(name: string, values: readonly number[]): string {
    const own = this.name(this.#scoped(name, "."));
    const data = BigInt64Array.from(values, BigInt);
    this.tensors.push({
      name: own,
      dims: [BigInt(values.length)],
      dataType: TensorProto_DataType.INT64,
      rawData: new Uint8Array(data.buffer),
    });
    return own;
  }

  /** Gives what a node gives another name, which is taken already. */
  rename(from: string, to: string): void {
    const isMade = this.nodes.some(({ output }) => output?.includes(from));
    const old = isMade ? from : this.node("Identity", [from]);
    const renamed = (names: readonly string[] = []): string[] =>
      names.map((name) => (name === old ? to : name));
    for (const node of this.nodes) {
      node.input = renamed(node.input);
      node.output = renamed(node.output);
    }
  }

  #scoped(name: string, joint = "/"): string {
    return this.scope === "" ? name : `${this.scope}${joint}${name}`;
  }
}

function attributeOf(name: string, value: AttributeValue): Attribute {
  if (typeof value === "string") return { name, type: STRING, s: new TextEncoder().encode(value) };
  if ("float" in value) return { name, type: FLOAT, f: value.float };
  if ("int" in value) return { name, type: INT, i: BigInt(value.int) };
  return { name, type: INTS, ints: value.map(BigInt) };
}
