import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import {
  AttributeProto_AttributeType,
  type AttributeProtoSchema,
  ModelProtoSchema,
  type NodeProtoSchema,
  TensorProto_DataType,
  type TensorProtoSchema,
} from "onnx-buf";

type Attribute = MessageInitShape<typeof AttributeProtoSchema>;

/** A node of a made-up file. */
export type MadeNode = MessageInitShape<typeof NodeProtoSchema>;

/** A tensor of one, float32 in the raw bytes that exporters write. */
export type MadeTensor = MessageInitShape<typeof TensorProtoSchema>;

const { FLOAT, GRAPH, INT, INTS, STRING } = AttributeProto_AttributeType;

export const ints = (name: string, ...values: readonly number[]): Attribute => ({
  name,
  type: INTS,
  ints: values.map(BigInt),
});
export const int = (name: string, value: number): Attribute => ({ name, type: INT, i: BigInt(value) });
export const float = (name: string, value: number): Attribute => ({ name, type: FLOAT, f: value });
export const text = (name: string, value: string): Attribute => ({
  name,
  type: STRING,
  s: new TextEncoder().encode(value),
});

/** A graph within a node, such as a loop's body. */
export const graph = (
  name: string,
  input: readonly string[],
  nodes: readonly MadeNode[],
  output: readonly string[],
): Attribute => ({
  name,
  type: GRAPH,
  g: {
    name,
    node: [...nodes],
    input: input.map((each) => ({ name: each })),
    output: output.map((each) => ({ name: each })),
  },
});

export function node(
  opType: string,
  input: readonly string[],
  output: string,
  attribute: readonly Attribute[] = [],
): MadeNode {
  return { opType, name: `${output}_node`, input: [...input], output: [output], attribute: [...attribute] };
}

/** Values from a formula that differ from each other, or those given. */
export function tensor(name: string, dims: readonly number[], values?: readonly number[]): MadeTensor {
  const size = dims.reduce((product, length) => product * length, 1);
  const data = Float32Array.from(
    values ?? Array.from({ length: size }, (_, index) => Math.sin(3 * index + name.length)),
  );
  return {
    name,
    dims: dims.map(BigInt),
    dataType: TensorProto_DataType.FLOAT,
    rawData: new Uint8Array(data.buffer),
  };
}

export const sizes = (name: string, ...values: readonly number[]): MadeTensor => ({
  name,
  dims: [BigInt(values.length)],
  dataType: TensorProto_DataType.INT64,
  int64Data: values.map(BigInt),
});

export interface MadeFile {
  readonly nodes: readonly MadeNode[];
  readonly tensors?: readonly MadeTensor[];
  /** −1 where it is open; default [−1, 2, 6, 5]. */
  readonly input?: readonly number[];
  /** Default: what the last node gives. */
  readonly output?: string;
  /** Default 17. */
  readonly opset?: number;
}

/** The bytes of an ONNX file that reads `images`. */
export function onnxFile({
  nodes,
  tensors = [],
  input = [-1, 2, 6, 5],
  output,
  opset = 17,
}: MadeFile): Uint8Array {
  const dim = input.map((length) => ({
    value:
      length < 0
        ? { case: "dimParam" as const, value: "batch" }
        : { case: "dimValue" as const, value: BigInt(length) },
  }));
  const tensorType = { elemType: TensorProto_DataType.FLOAT, shape: { dim } };
  const model = create(ModelProtoSchema, {
    irVersion: 8n,
    producerName: "a test",
    opsetImport: [{ domain: "", version: BigInt(opset) }],
    graph: {
      name: "made",
      node: [...nodes],
      initializer: [...tensors],
      input: [{ name: "images", type: { value: { case: "tensorType", value: tensorType } } }],
      output: [{ name: output ?? nodes[nodes.length - 1]?.output?.[0] ?? "" }],
    },
  });
  return toBinary(ModelProtoSchema, model);
}

/** A convolution, a batch normalization, a ReLU, a padded pool, a flatten and a dense layer. */
export function smallFile(): Uint8Array {
  return onnxFile({
    nodes: [
      node("Conv", ["images", "conv.weight"], "c", [ints("pads", 1, 1, 1, 1), ints("kernel_shape", 3, 3)]),
      node("BatchNormalization", ["c", "bn.weight", "bn.bias", "bn.mean", "bn.variance"], "n"),
      node("Relu", ["n"], "r"),
      node("MaxPool", ["r"], "p", [
        ints("kernel_shape", 3, 3),
        ints("strides", 2, 2),
        ints("pads", 1, 1, 1, 1),
      ]),
      node("Flatten", ["p"], "f"),
      node("Gemm", ["f", "fc.weight", "fc.bias"], "logits", [int("transB", 1)]),
    ],
    tensors: [
      tensor("conv.weight", [4, 2, 3, 3]),
      tensor("bn.weight", [4]),
      tensor("bn.bias", [4]),
      tensor("bn.mean", [4]),
      tensor("bn.variance", [4], [0.5, 1, 1.5, 2]),
      tensor("fc.weight", [3, 36]),
      tensor("fc.bias", [3]),
    ],
  });
}
