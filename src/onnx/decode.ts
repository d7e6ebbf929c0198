import { type DescField, type DescMessage, fromBinary, ScalarType } from "@bufbuild/protobuf";
import { BinaryReader, WireType } from "@bufbuild/protobuf/wire";
import { type GraphProto, type ModelProto, ModelProtoSchema } from "onnx-buf";
import { HeddleError } from "../core/errors.js";
import { looksLikeSafetensors } from "../core/formats/safetensors.js";
import { counted } from "../core/words.js";
import { ImportError } from "./import-error.js";

/** A model of thousands of nodes has some ten thousand messages; each is an object of a few hundred bytes in memory. */
const mostMessages = 400_000;

/** Whole numbers that are written one by one become bigints, of some 30 bytes each. */
const mostNumbers = 4_000_000;

/** Graphs within attributes of nodes within graphs. */
const deepest = 32;

/** How a model in another library's own format becomes an ONNX file, by the ends of files' names. */
const exports: readonly { readonly pattern: RegExp; readonly remedy: string }[] = [
  {
    pattern: /\.(pth?|ckpt)$/i,
    remedy: "PyTorch's own files hold no network: load it there, and write it by torch.onnx.export.",
  },
  {
    pattern: /\.(keras|h5|hdf5)$/i,
    remedy: 'Load it in Keras, and write it by model.export("model.onnx", format="onnx").',
  },
  { pattern: /\.(pb|tflite)$/i, remedy: "Make an ONNX file of it by tf2onnx." },
];

/** A model whose graph is there. */
export type DecodedModel = ModelProto & { readonly graph: GraphProto };

/**
 * The messages of an ONNX file. What they will take in memory is counted before any is made: a byte or two may stand for
 * a whole object.
 *
 * @param source the file, for errors
 * @throws HeddleError on a file that is cut off, damaged or no ONNX model, or would take far more memory than its size
 * @throws ImportError on a safetensors file
 */
export function decodeOnnx(bytes: Uint8Array, source: string): DecodedModel {
  const refuse = (why: string, cause?: unknown): never => {
    const remedy = exports.find(({ pattern }) => pattern.test(source))?.remedy ?? "Export it again.";
    throw new HeddleError(`${source} is no whole ONNX model: ${why}. ${remedy}`, { cause });
  };
  if (looksLikeSafetensors(bytes)) {
    throw new ImportError(
      "architecture",
      `${source} is a safetensors file: expected an ONNX file. Weights under timm's names are read by importTimm, once it is said of which network they are; a model that heddle wrote needs no import.`,
    );
  }
  if (bytes.length === 0) return refuse("it is empty");
  let model: ModelProto;
  try {
    const why = tooMuch(bytes);
    if (why !== undefined) return refuse(why);
    model = fromBinary(ModelProtoSchema, bytes, { readUnknownFields: false });
  } catch (cause) {
    if (cause instanceof HeddleError) throw cause;
    return refuse("its bytes are not those of the format's messages, or end within one", cause);
  }
  if (!model.graph) return refuse("it has no graph");
  if (model.graph.node.length === 0) return refuse("its graph has no nodes");
  return model as DecodedModel;
}

/** What a file has too much of, found by a walk over its fields that keeps nothing. @throws Error on what is no message */
function tooMuch(bytes: Uint8Array): string | undefined {
  const fieldsOf = fieldTables();
  const reader = new BinaryReader(bytes);
  const open: { readonly fields: FieldTable; readonly end: number }[] = [
    { fields: fieldsOf(ModelProtoSchema), end: bytes.length },
  ];
  let messages = 0;
  let numbers = 0;
  while (open.length > 0) {
    const { fields, end } = open[open.length - 1];
    if (reader.pos >= end) {
      if (reader.pos > end) throw new Error("a message is longer than what holds it");
      open.pop();
      continue;
    }
    const [number, wireType] = reader.tag();
    const field = fields.get(number);
    const inner = field?.message;
    if (wireType === WireType.LengthDelimited) {
      const length = reader.uint32();
      const stop = reader.pos + length;
      if (stop > end) throw new Error("a field is longer than what holds it");
      if (inner) open.push({ fields: fieldsOf(inner), end: stop });
      else {
        if (field && isWhole(field)) numbers += length;
        reader.pos = stop;
      }
      if (field) messages++;
    } else {
      if (inner) throw new Error("a message has no length");
      reader.skip(wireType, number);
      if (field?.fieldKind === "list") numbers++;
    }
    if (open.length > deepest) return `its messages are nested more than ${deepest} deep`;
    if (messages > mostMessages) return `it has more than ${counted(mostMessages)} parts`;
    if (numbers > mostNumbers)
      return `it writes more than ${counted(mostNumbers)} whole numbers one by one, where weights are bytes`;
  }
  return undefined;
}

const isWhole = (field: DescField): boolean =>
  field.fieldKind === "list" &&
  field.listKind === "scalar" &&
  ![ScalarType.FLOAT, ScalarType.DOUBLE, ScalarType.STRING, ScalarType.BYTES].includes(field.scalar);

type FieldTable = ReadonlyMap<number, DescField>;

function fieldTables(): (message: DescMessage) => FieldTable {
  const tables = new Map<DescMessage, FieldTable>();
  return (message) => {
    const known = tables.get(message);
    if (known) return known;
    const table = new Map(message.fields.map((field) => [field.number, field]));
    tables.set(message, table);
    return table;
  };
}
