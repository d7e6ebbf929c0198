import { type TensorProto, TensorProto_DataLocation, TensorProto_DataType } from "onnx-buf";
import { bfloat16, half } from "../core/formats/half.js";
import { quoted } from "../core/options/index.js";

/** What a constant's values are kept as: float32 where they are weights, else numbers as wide as JavaScript has them. */
export type Numbers = Float32Array | Float64Array;

/** A tensor whose values are known before any image comes: weights, sizes, axes. */
export interface Constant {
  readonly kind: "constant";
  readonly dims: readonly number[];
  /** In row-major order; or one value, which all places have. */
  readonly values: Numbers;
  /** Whether they are whole numbers, or true and false. */
  readonly whole: boolean;
  /** Where it stands in the file under a name of its own. */
  readonly name?: string;
}

export const sizeOf = (dims: readonly number[]): number => dims.reduce((size, length) => size * length, 1);

export const constant = (
  dims: readonly number[],
  values: Numbers,
  whole: boolean,
  name?: string,
): Constant => ({
  kind: "constant",
  dims,
  values,
  whole,
  ...(name !== undefined && { name }),
});

/** Whole numbers along one axis: a shape, say. */
export const vector = (numbers: readonly number[]): Constant =>
  constant([numbers.length], Float64Array.from(numbers), true);

/** Its one value where all places have the same. */
export function uniformValue({ values, dims }: Constant): number | undefined {
  if (sizeOf(dims) === 0) return undefined;
  const [first] = values;
  return values.every((value) => value === first) ? first : undefined;
}

/** All its numbers, for lists that are short. */
export const numbersOf = (tensor: Constant): number[] => Array.from(expanded(tensor));

/** Its values, each in its own place. */
export function expanded({ dims, values }: Constant): Numbers {
  const size = sizeOf(dims);
  if (values.length === size) return values;
  return values instanceof Float32Array
    ? new Float32Array(size).fill(values[0])
    : new Float64Array(size).fill(values[0]);
}

interface Decoding {
  readonly bytes: number;
  readonly whole: boolean;
  /** Of the bytes of `raw_data`. */
  read(view: DataView, at: number): number;
  /** Of the messages' own lists. */
  listed(tensor: TensorProto): ArrayLike<number | bigint>;
  /** A number as the list has it. */
  of?(number: number): number;
}

const { FLOAT, DOUBLE, FLOAT16, BFLOAT16, INT8, UINT8, INT16, UINT16, INT32, UINT32, INT64, UINT64, BOOL } =
  TensorProto_DataType;

const small = ({ int32Data }: TensorProto) => int32Data;

const decodings: ReadonlyMap<number, Decoding> = new Map<number, Decoding>([
  [
    FLOAT,
    { bytes: 4, whole: false, read: (view, at) => view.getFloat32(at, true), listed: (t) => t.floatData },
  ],
  [
    DOUBLE,
    { bytes: 8, whole: false, read: (view, at) => view.getFloat64(at, true), listed: (t) => t.doubleData },
  ],
  [
    FLOAT16,
    { bytes: 2, whole: false, read: (view, at) => half(view.getUint16(at, true)), listed: small, of: half },
  ],
  [
    BFLOAT16,
    {
      bytes: 2,
      whole: false,
      read: (view, at) => bfloat16(view.getUint16(at, true)),
      listed: small,
      of: bfloat16,
    },
  ],
  [INT8, { bytes: 1, whole: true, read: (view, at) => view.getInt8(at), listed: small }],
  [UINT8, { bytes: 1, whole: true, read: (view, at) => view.getUint8(at), listed: small }],
  [INT16, { bytes: 2, whole: true, read: (view, at) => view.getInt16(at, true), listed: small }],
  [UINT16, { bytes: 2, whole: true, read: (view, at) => view.getUint16(at, true), listed: small }],
  [INT32, { bytes: 4, whole: true, read: (view, at) => view.getInt32(at, true), listed: small }],
  [
    UINT32,
    { bytes: 4, whole: true, read: (view, at) => view.getUint32(at, true), listed: (t) => t.uint64Data },
  ],
  [
    INT64,
    {
      bytes: 8,
      whole: true,
      read: (view, at) => Number(view.getBigInt64(at, true)),
      listed: (t) => t.int64Data,
    },
  ],
  [
    UINT64,
    {
      bytes: 8,
      whole: true,
      read: (view, at) => Number(view.getBigUint64(at, true)),
      listed: (t) => t.uint64Data,
    },
  ],
  [BOOL, { bytes: 1, whole: true, read: (view, at) => (view.getUint8(at) ? 1 : 0), listed: small }],
]);

/** The name that the format has for a type of values. */
export const typeName = (type: number): string => TensorProto_DataType[type] ?? `type ${type}`;

/** Whether values of a type are whole numbers; undefined of a type that can't be read. */
export const wholeType = (type: number): boolean | undefined => decodings.get(type)?.whole;

/**
 * A tensor of the file. Its sizes are held against the bytes that are there before anything is allocated.
 *
 * @param refuse is told what is wrong with it
 */
export function decodeTensor(tensor: TensorProto, refuse: (why: string) => never): Constant {
  const { name, dataType, rawData } = tensor;
  const title = `the tensor ${quoted(name)}`;
  if (tensor.dataLocation === TensorProto_DataLocation.EXTERNAL || tensor.externalData.length > 0)
    return refuse(
      `${title} has its values in another file, which is not read. Save the model as one file, as with ` +
        "onnx.save(model, path, save_as_external_data=False)",
    );
  if (tensor.segment) return refuse(`${title} is a segment of one`);
  const decoding = decodings.get(dataType);
  if (!decoding) return refuse(`${title} has values of type ${typeName(dataType)}`);
  const dims = tensor.dims.map(Number);
  const size = sizeOf(dims);
  if (dims.some((length) => length < 0) || !Number.isSafeInteger(size))
    return refuse(`${title} has the sizes [${dims.join(", ")}]`);
  const list = decoding.listed(tensor);
  const isRaw = rawData.length > 0;
  const held = isRaw ? rawData.length / decoding.bytes : list.length;
  if (held !== size)
    return refuse(`${title} of [${dims.join(", ")}] needs ${size} values, but the file has ${held}`);
  const values = decoding.whole || dataType === DOUBLE ? new Float64Array(size) : new Float32Array(size);
  if (isRaw && dataType === FLOAT) new Uint8Array(values.buffer).set(rawData);
  else if (isRaw) {
    const view = new DataView(rawData.buffer, rawData.byteOffset, rawData.byteLength);
    for (let index = 0; index < size; index++) values[index] = decoding.read(view, index * decoding.bytes);
  } else {
    const { of = (number: number) => number } = decoding;
    for (let index = 0; index < size; index++) values[index] = of(Number(list[index]));
  }
  return constant(dims, values, decoding.whole, name);
}

/** The same values with their axes in another order: axis i of what comes is axis `order[i]` of what is. */
export function transposed(
  dims: readonly number[],
  values: Numbers,
  order: readonly number[],
): { readonly dims: readonly number[]; readonly values: Numbers } {
  const steps = dims.map((_, axis) => sizeOf(dims.slice(axis + 1)));
  const target = order.map((axis) => dims[axis]);
  if (values.length === 1 || sizeOf(dims) === 0) return { dims: target, values };
  const result =
    values instanceof Float32Array ? new Float32Array(values.length) : new Float64Array(values.length);
  const strides = order.map((axis) => steps[axis]);
  const place = target.map(() => 0);
  let from = 0;
  for (let to = 0; to < result.length; to++) {
    result[to] = values[from];
    for (let axis = target.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++place[axis] < target[axis]) break;
      from -= strides[axis] * target[axis];
      place[axis] = 0;
    }
  }
  return { dims: target, values: result };
}
