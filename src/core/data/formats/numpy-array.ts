import { HeddleError } from "../../errors.js";
import { shapeSize } from "../../layers/shape.js";

/** The numbers of an array as it was written; of half precision as single. */
export type NumpyValues =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** An array as NumPy has it. */
export interface NumpyArray {
  readonly shape: readonly number[];
  /** As NumPy calls it: `uint8`, `float16`. */
  readonly type: NumpyTypeName;
  /** In row-major order. Half precision comes as single, truth values as 0 and 1. */
  readonly values: NumpyValues;
}

interface NumpyType {
  readonly name: NumpyTypeName;
  readonly bytes: number;
  readonly values: (buffer: ArrayBufferLike, offset: number, length: number) => NumpyValues;
}

/** By what stands behind the byte order in a `descr`. */
const types = {
  b1: { name: "bool", bytes: 1, values: (...at) => new Uint8Array(...at) },
  u1: { name: "uint8", bytes: 1, values: (...at) => new Uint8Array(...at) },
  i1: { name: "int8", bytes: 1, values: (...at) => new Int8Array(...at) },
  u2: { name: "uint16", bytes: 2, values: (...at) => new Uint16Array(...at) },
  i2: { name: "int16", bytes: 2, values: (...at) => new Int16Array(...at) },
  u4: { name: "uint32", bytes: 4, values: (...at) => new Uint32Array(...at) },
  i4: { name: "int32", bytes: 4, values: (...at) => new Int32Array(...at) },
  u8: { name: "uint64", bytes: 8, values: (...at) => new BigUint64Array(...at) },
  i8: { name: "int64", bytes: 8, values: (...at) => new BigInt64Array(...at) },
  f2: { name: "float16", bytes: 2, values: (...at) => fromHalf(new Uint16Array(...at)) },
  f4: { name: "float32", bytes: 4, values: (...at) => new Float32Array(...at) },
  f8: { name: "float64", bytes: 8, values: (...at) => new Float64Array(...at) },
} as const satisfies Readonly<Record<string, NumpyType>>;

/** NumPy's name of a type of numbers: `uint8`, `float32`, … */
export type NumpyTypeName =
  | "bool"
  | "uint8"
  | "int8"
  | "uint16"
  | "int16"
  | "uint32"
  | "int32"
  | "uint64"
  | "int64"
  | "float16"
  | "float32"
  | "float64";

/** What a file says of an array, and the bytes of its values. */
export interface WrittenArray {
  /** `<f4`, `|u1`. */
  readonly descr: string;
  readonly shape: readonly number[];
  /** Whether the first axis is the one that moves fastest. */
  readonly fortranOrder: boolean;
  readonly bytes: Uint8Array;
}

/**
 * The array that a file writes down: values in this machine's byte order and row-major. They are a view of the bytes
 * where they can be.
 *
 * @param name in errors
 * @throws HeddleError on a type that is not read, or where the bytes are not as many as type and shape say
 */
export function numpyArray({ descr, shape, fortranOrder, bytes }: WrittenArray, name: string): NumpyArray {
  const type = typeOf(descr, name);
  const expected = shapeSize(shape) * type.bytes;
  if (bytes.length !== expected) {
    const sizes = `${shape.join("×") || "one"} of ${type.name} are ${expected} bytes, and ${bytes.length} are there`;
    const what = bytes.length < expected ? "is truncated" : "runs on past its end";
    throw new HeddleError(`${name} ${what}: ${sizes}. Save or copy it again.`);
  }
  const swapped = type.bytes > 1 && descr.startsWith(">");
  // Node's buffers have a slice that is no copy.
  const aligned = !swapped && bytes.byteOffset % type.bytes === 0 ? bytes : new Uint8Array(bytes);
  if (swapped) swapBytes(aligned, type.bytes);
  const values = type.values(aligned.buffer, aligned.byteOffset, shapeSize(shape));
  return { shape, type: type.name, values: fortranOrder ? rowMajor(values, shape) : values };
}

function typeOf(descr: string, name: string): NumpyType & { readonly name: NumpyTypeName } {
  const [, order, code] = /^([<>=|]?)([a-zA-Z]\d*)$/.exec(descr) ?? [];
  if (code !== undefined && Object.hasOwn(types, code) && order !== undefined) {
    return types[code as keyof typeof types];
  }
  if (code?.startsWith("O")) {
    throw new HeddleError(
      `${name} holds Python objects (dtype object), which only Python can read. Save numbers: np.stack(list_of_images).astype('uint8').`,
    );
  }
  if (code?.startsWith("U") || code?.startsWith("S")) {
    throw new HeddleError(
      `${name} holds texts (dtype ${descr}): expected numbers. For labels, save the numbers of the classes: np.unique(labels, return_inverse=True)[1].`,
    );
  }
  throw new HeddleError(
    `${name} has the type ${descr}: expected one of ${Object.values(types)
      .map((type) => type.name)
      .join(", ")}. Convert it with .astype.`,
  );
}

function swapBytes(bytes: Uint8Array, size: number): void {
  for (let first = 0; first < bytes.length; first += size) bytes.subarray(first, first + size).reverse();
}

/** Values whose first axis moves fastest, put in the order where the last one does. */
function rowMajor(values: NumpyValues, shape: readonly number[]): NumpyValues {
  const strides: number[] = [];
  let stride = 1;
  for (const size of shape) {
    strides.push(stride);
    stride *= size;
  }
  const ordered = values.slice();
  const at = shape.map(() => 0);
  let from = 0;
  for (let to = 0; to < values.length; to++) {
    ordered[to] = values[from];
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis];
      if (++at[axis] < shape[axis]) break;
      from -= strides[axis] * shape[axis];
      at[axis] = 0;
    }
  }
  return ordered;
}

/** IEEE 754 half precision: a sign, 5 bits of exponent, 10 of fraction. */
function fromHalf(halves: Uint16Array): Float32Array {
  const values = new Float32Array(halves.length);
  for (let place = 0; place < values.length; place++) values[place] = valueOfHalf(halves[place]);
  return values;
}

function valueOfHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = (half & 0x3ff) / 1024;
  if (exponent === 0) return sign * 2 ** -14 * fraction;
  if (exponent === 0x1f) return fraction > 0 ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * 2 ** (exponent - 15) * (1 + fraction);
}
