import type { NamedTensor } from "../engine/network.js";
import { HeddleError } from "../errors.js";
import { checkedMetadata, checkFile, checkTensors, isCounts } from "./arguments.js";
import { isRecord } from "./json.js";

/** What a safetensors file holds. */
export interface SafetensorsContents {
  /** In the order in which their data lies in the file. */
  readonly tensors: NamedTensor[];
  readonly metadata: Record<string, string>;
}

const lengthBytes = 8;
const floatBytes = 4;
const metadataKey = "__metadata__";

/** The format's own limit, against files that would have a reader parse without end. */
const longestHeader = 100_000_000;

const sizeOf = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);

/**
 * Writes tensors in the safetensors format: the header's length as 8 bytes, a JSON header padded with spaces
 * to a multiple of 8, then the float32 values one tensor after another, all little-endian, row-major.
 * The same tensors and metadata give the same bytes: tensors in the order given, metadata by key.
 *
 * @throws HeddleError on what are no tensors, a name used twice or reserved, or a shape that doesn't fit its data
 */
export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  checkTensors("encodeSafetensors", "tensors", tensors);
  const own = checkedMetadata("encodeSafetensors", metadata);
  const sorted = Object.keys(own)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${JSON.stringify(own[key])}`);
  const entries = sorted.length > 0 ? [`"${metadataKey}":{${sorted.join(",")}}`] : [];
  const names = new Set<string>([metadataKey]);
  let end = 0;
  for (const { name, shape, data } of tensors) {
    if (names.has(name))
      throw new HeddleError(`Two tensors can't be saved under one name: "${name}" is taken.`);
    names.add(name);
    if (sizeOf(shape) !== data.length) {
      throw new HeddleError(
        `Tensor "${name}" of shape [${shape.join(", ")}] has ${data.length} values: expected ${sizeOf(shape)}.`,
      );
    }
    const begin = end;
    end += data.length * floatBytes;
    // An object of all names would put those that look like numbers first: entries are joined by hand.
    entries.push(
      `${JSON.stringify(name)}:${JSON.stringify({ dtype: "F32", shape, data_offsets: [begin, end] })}`,
    );
  }

  const header = new TextEncoder().encode(`{${entries.join(",")}}`);
  const headerLength = Math.ceil(header.length / 8) * 8;
  const dataStart = lengthBytes + headerLength;
  const bytes = new Uint8Array(dataStart + end);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(headerLength), true);
  bytes.set(header, lengthBytes);
  bytes.fill(0x20, lengthBytes + header.length, dataStart);
  let at = dataStart;
  for (const { data } of tensors) {
    for (let index = 0; index < data.length; index++, at += floatBytes)
      view.setFloat32(at, data[index], true);
  }
  return bytes;
}

interface Entry {
  readonly name: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

function entryOf(name: string, described: unknown, refuse: (reason: string) => never): Entry {
  if (!isRecord(described)) return refuse(`its header describes tensor "${name}" by no object`);
  const { dtype, shape, data_offsets: offsets } = described;
  if (dtype !== "F32") {
    return refuse(`tensor "${name}" has values of type ${JSON.stringify(dtype)}: expected "F32", float32`);
  }
  if (!isCounts(shape)) return refuse(`tensor "${name}" has shape ${JSON.stringify(shape)}: expected sizes`);
  if (!(isCounts(offsets) && offsets.length === 2)) {
    return refuse(`tensor "${name}" has offsets ${JSON.stringify(offsets)}: expected [begin, end]`);
  }
  const [begin, end] = offsets;
  if (end - begin !== sizeOf(shape) * floatBytes) {
    return refuse(
      `tensor "${name}" of shape [${shape.join(", ")}] has ${end - begin} bytes: ` +
        `expected ${sizeOf(shape) * floatBytes}`,
    );
  }
  return { name, shape, begin, end };
}

function metadataOf(described: unknown, refuse: (reason: string) => never): Record<string, string> {
  if (described === undefined) return {};
  if (!isRecord(described)) return refuse(`its ${metadataKey} is no object`);
  return Object.fromEntries(
    Object.entries(described).map(([key, value]) => [
      key,
      typeof value === "string" ? value : refuse(`its metadata "${key}" is no string`),
    ]),
  );
}

function headerOf(
  bytes: Uint8Array,
  length: number,
  refuse: (reason: string) => never,
): Record<string, unknown> {
  let header: unknown;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    header = JSON.parse(text.decode(bytes.subarray(lengthBytes, lengthBytes + length)));
  } catch {
    return refuse("its header is not JSON");
  }
  return isRecord(header) ? header : refuse("its header is no JSON object");
}

/**
 * Reads a safetensors file of float32 tensors. As the format demands, the tensors must cover the data without
 * a gap or an overlap. The data is copied.
 *
 * @param sourceName the file, for errors
 * @throws HeddleError when the file is truncated, damaged or not of this format, saying where
 */
export function decodeSafetensors(bytes: Uint8Array, sourceName: string): SafetensorsContents {
  checkFile("decodeSafetensors", bytes, sourceName);
  const refuse = (reason: string): never => {
    throw new HeddleError(
      `${sourceName} is not a whole safetensors file: ${reason}. Use another copy, or train again.`,
    );
  };
  if (bytes.length < lengthBytes) {
    return refuse(`it has ${bytes.length} bytes: expected at least ${lengthBytes}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > longestHeader) {
    return refuse(`it says that its header has ${headerLength} bytes: expected at most ${longestHeader}`);
  }
  const dataStart = lengthBytes + headerLength;
  if (dataStart > bytes.length) {
    return refuse(`it ends after ${bytes.length} bytes, within its header of ${headerLength} bytes`);
  }

  const header = headerOf(bytes, headerLength, refuse);
  const entries = Object.entries(header)
    .filter(([name]) => name !== metadataKey)
    .map(([name, described]) => entryOf(name, described, refuse))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { name, begin, end } of entries) {
    if (begin < covered) return refuse(`tensor "${name}" overlaps the one before it`);
    if (begin > covered)
      return refuse(`nothing describes the ${begin - covered} bytes before tensor "${name}"`);
    covered = end;
  }
  const dataLength = bytes.length - dataStart;
  if (covered > dataLength) {
    return refuse(`it holds ${dataLength} bytes of data of ${covered}: it was cut off`);
  }
  if (covered < dataLength) return refuse(`${dataLength - covered} bytes follow its last tensor`);

  const tensors = entries.map(({ name, shape, begin, end }) => {
    const data = new Float32Array((end - begin) / floatBytes);
    for (let index = 0; index < data.length; index++) {
      data[index] = view.getFloat32(dataStart + begin + index * floatBytes, true);
    }
    return { name, shape, data };
  });
  return { tensors, metadata: metadataOf(header[metadataKey], refuse) };
}
