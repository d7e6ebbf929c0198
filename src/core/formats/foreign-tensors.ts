import type { NamedTensor } from "../named-tensor.js";
import { bfloat16, half } from "./half.js";
import { openSafetensors } from "./safetensors.js";

type Reader = (view: DataView, at: number) => number;

/** Types that weights have, with the bytes of each. */
const floats: Readonly<Record<string, { readonly bytes: number; readonly read: Reader }>> = {
  F32: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  F64: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  F16: { bytes: 2, read: (view, at) => half(view.getUint16(at, true)) },
  BF16: { bytes: 2, read: (view, at) => bfloat16(view.getUint16(at, true)) },
};

/** Types of what counts and tells apart, which is no weight. */
const others = { I64: 8, U64: 8, I32: 4, U32: 4, I16: 2, U16: 2, I8: 1, U8: 1, BOOL: 1 };

const types = {
  ...Object.fromEntries(Object.entries(floats).map(([type, { bytes }]) => [type, bytes])),
  ...others,
};

/**
 * The weights of a safetensors file that another program wrote, of any floating-point type, as float32; tensors of whole
 * numbers, such as counts of batches, are left out.
 *
 * @param sourceName the file, for errors
 * @throws HeddleError when the file is truncated, damaged or not of this format, saying where
 */
export function foreignTensors(bytes: Uint8Array, sourceName: string): NamedTensor[] {
  const { entries, dataStart } = openSafetensors(bytes, sourceName, types);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return entries.flatMap(({ name, type, shape, begin, end }) => {
    if (!Object.hasOwn(floats, type)) return [];
    const { bytes: width, read } = floats[type];
    const data = new Float32Array((end - begin) / width);
    for (let index = 0; index < data.length; index++)
      data[index] = read(view, dataStart + begin + index * width);
    return [{ name, shape, data }];
  });
}
