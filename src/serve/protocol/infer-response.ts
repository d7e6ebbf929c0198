import { endianness } from "node:os";
import type { ServedModel } from "../engine/served-model.js";
import type { InferRequest, InferResponse } from "./infer-schema.js";

/** An answer: JSON, or JSON and the bytes behind it. */
export interface WrittenInferResponse {
  readonly json: string;
  readonly behind?: Uint8Array;
}

/** Writes what a model found, as the request asks for it. @param probabilities [N, classes] */
export function writeInferResponse(
  model: Pick<ServedModel, "name" | "version" | "classNames">,
  { id, outputs, parameters }: InferRequest,
  probabilities: Float32Array,
): WrittenInferResponse {
  const asked = outputs?.[0]?.parameters;
  const classes = model.classNames.length;
  const count = probabilities.length / classes;
  const top = Math.min(asked?.classification ?? 0, classes);
  const texts = top > 0 ? classificationTexts(probabilities, model.classNames, top) : undefined;
  const shape = [count, texts ? top : classes];
  const datatype = texts ? "BYTES" : "FP32";
  const binary = asked?.binary_data ?? parameters?.binary_data_output ?? false;
  const behind = binary ? (texts ? textBytes(texts) : floatBytes(probabilities)) : undefined;
  const content = behind
    ? { parameters: { binary_data_size: behind.length } }
    : { data: texts ?? Array.from(probabilities) };
  const response: InferResponse = {
    model_name: model.name,
    model_version: model.version,
    ...(id !== undefined && { id }),
    outputs: [{ name: "probabilities", datatype, shape, ...content }],
  };
  return { json: JSON.stringify(response), behind };
}

/** Of each image the most probable classes as Triton writes them: `probability:index:name`. */
function classificationTexts(probabilities: Float32Array, names: readonly string[], top: number): string[] {
  const classes = names.length;
  const texts: string[] = [];
  for (let from = 0; from < probabilities.length; from += classes) {
    const row = probabilities.subarray(from, from + classes);
    const order = Array.from(row, (_, index) => index).sort((a, b) => row[b] - row[a]);
    for (const index of order.slice(0, top)) texts.push(`${row[index].toFixed(6)}:${index}:${names[index]}`);
  }
  return texts;
}

/** Each behind its length, a little-endian number of 32 bits. */
function textBytes(texts: readonly string[]): Uint8Array {
  const parts = texts.flatMap((text) => {
    const bytes = Buffer.from(text, "utf8");
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    return [length, bytes];
  });
  return Buffer.concat(parts);
}

function floatBytes(values: Float32Array): Uint8Array {
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  return endianness() === "LE" ? bytes : Buffer.from(bytes).swap32();
}
