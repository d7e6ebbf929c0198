import { HeddleError } from "../../core/errors.js";
import { greatestHalf, half, halfBits } from "../../core/formats/half.js";
import { type ModelContents, modelMetadata, readModelMetadata } from "../../core/formats/model-file.js";
import { shapeSize } from "../../core/layers/shape.js";
import type { NamedTensor } from "../../core/named-tensor.js";
import { mebibytes } from "../../core/words.js";

/** A model as a page carries it: what describes it, as JSON; its weights lie apart, one tensor after another. */
export interface CarriedModel {
  /** What people call it. */
  readonly name: string;
  /** As a model file's metadata have it. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: readonly CarriedTensor[];
}

interface CarriedTensor extends Pick<NamedTensor, "name" | "shape"> {
  /** Of its values, by the names of safetensors. */
  readonly type: "F32" | "F16";
}

const bytesOf = { F32: 4, F16: 2 } as const;

/** As text, four characters for three bytes, more are no string of V8's, which has 2²⁹ − 24 characters at most. */
const mostBytes = 380 * 2 ** 20;

/** @throws HeddleError on more weights than a page can carry */
export function requireCarriable(bytes: number, halfPrecision: boolean): void {
  if (bytes <= mostBytes) return;
  const mend = halfPrecision ? "" : " With half they take about half of that.";
  throw new HeddleError(
    `exportHtml: the model has ${mebibytes(bytes)} of weights, and a page carries at most ${mebibytes(mostBytes)}.${mend} A model this large is better served than carried.`,
  );
}

/** @param halfPrecision rounds kernels to float16; vectors, which are few numbers and less forgiving, stay float32 */
export function carriedModel(
  name: string,
  { tensors, ...description }: ModelContents,
  halfPrecision: boolean,
): { readonly model: CarriedModel; readonly weights: Uint8Array } {
  const rounds = ({ shape, data }: NamedTensor): boolean =>
    halfPrecision && shape.length > 1 && data.every((value) => Math.abs(value) <= greatestHalf);
  const typed = tensors.map((tensor) => {
    const { name, shape, data } = tensor;
    return { name, shape, data, type: rounds(tensor) ? "F16" : "F32" } as const;
  });
  const bytes = typed.reduce((sum, { data, type }) => sum + data.length * bytesOf[type], 0);
  requireCarriable(bytes, halfPrecision);
  const weights = new Uint8Array(bytes);
  const view = new DataView(weights.buffer);
  let at = 0;
  for (const { data, type } of typed) {
    for (const value of data) {
      if (type === "F16") view.setUint16(at, halfBits(value), true);
      else view.setFloat32(at, value, true);
      at += bytesOf[type];
    }
  }
  const model = {
    name,
    metadata: modelMetadata(description),
    tensors: typed.map(({ name, shape, type }) => ({ name, shape, type })),
  };
  return { model, weights };
}

/** The model that a page carries. @throws Error where the page was cut off or changed */
export function carriedContents({ metadata, tensors }: CarriedModel, weights: Uint8Array): ModelContents {
  const damaged = (what: string): never => {
    throw new Error(`This page was damaged or cut off: ${what}. Use another copy of it.`);
  };
  const view = new DataView(weights.buffer, weights.byteOffset, weights.byteLength);
  const whole = tensors.reduce((sum, { shape, type }) => sum + shapeSize(shape) * bytesOf[type], 0);
  if (whole !== weights.length) damaged(`it has ${weights.length} bytes of weights of ${whole}`);
  let at = 0;
  const read = tensors.map(({ name, shape, type }) => {
    const data = new Float32Array(shapeSize(shape));
    for (let index = 0; index < data.length; index++, at += bytesOf[type])
      data[index] = type === "F16" ? half(view.getUint16(at, true)) : view.getFloat32(at, true);
    return { name, shape, data };
  });
  const description = readModelMetadata(metadata, (key) => damaged(`it has no usable "${key}"`));
  return { ...description, tensors: read };
}
