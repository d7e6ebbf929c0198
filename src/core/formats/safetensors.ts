import { HeddleError } from "../errors.js";
import type { NamedTensor } from "../named-tensor.js";
import { quoted, received } from "../options/received.js";
import { checkedMetadata, checkFile, checkTensorList } from "./arguments.js";
import { checkDigest, digestKeys, headerWithoutDigest, writeDigest } from "./file-digest.js";
import { isRecord, parseJson } from "./json.js";
import { floatBytes, lengthBytes, longestHeader, metadataKey } from "./layout.js";

/** What a safetensors file holds. */
export interface SafetensorsContents {
  /** In the order in which their data lies in the file. */
  readonly tensors: NamedTensor[];
  /** Without what belongs to the digest. */
  readonly metadata: Record<string, string>;
  /** Whether the file had a digest, and so is what was written: those of version 1 and of others have none. */
  readonly hasDigest: boolean;
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** `from`, because `every` passes over holes. */
const isCounts = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && Array.from(value).every(isCount);

/** Exact up to 2⁵³, for a product that has passed that never comes back below but by a zero. */
const sizeOf = (shape: readonly number[]): number =>
  shape.includes(0) ? 0 : shape.reduce((size, length) => size * length, 1);

/** Little-endian as in WebAssembly's memory, which the engine reads through such arrays too. */
const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/**
 * Writes tensors in the safetensors format: the header's length as 8 bytes, a JSON header padded with spaces
 * to a multiple of 8, then the float32 values one tensor after another, all little-endian, row-major.
 * The same tensors and metadata give the same bytes: tensors in the order given, metadata by key. Before that
 * metadata comes a digest of the whole file, `heddleDigest`, with `heddleDigestOver` to say so again.
 *
 * @throws HeddleError on what are no tensors, a name used twice or reserved, or a shape that doesn't fit its data
 */
export function encodeSafetensors(
  tensors: readonly NamedTensor[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array<ArrayBuffer> {
  checkTensorList("encodeSafetensors", "tensors", tensors);
  const own = checkedMetadata("encodeSafetensors", metadata);
  const reserved = digestKeys.find((key) => Object.hasOwn(own, key));
  if (reserved !== undefined) {
    throw new HeddleError(`Metadata can't be saved as "${reserved}": heddle keeps a file's digest there.`);
  }
  const described = Object.keys(own)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${JSON.stringify(own[key])}`);
  const entries = [`${[headerWithoutDigest, ...described].join(",")}}`];
  const names = new Set<string>([metadataKey]);
  let end = 0;
  for (const { name, shape, data } of tensors) {
    if (names.has(name)) {
      throw new HeddleError(`Two tensors can't be saved under one name: ${quoted(name)} is taken.`);
    }
    names.add(name);
    if (!isCounts(shape)) {
      throw new HeddleError(`Tensor ${quoted(name)} has shape ${received(shape)}: expected sizes.`);
    }
    if (sizeOf(shape) !== data.length) {
      throw new HeddleError(
        `Tensor ${quoted(name)} of shape ${received(shape)} has ${data.length} values: expected ${sizeOf(shape)}.`,
      );
    }
    const begin = end;
    end += data.length * floatBytes;
    // An object of all names would put those that look like numbers first: entries are joined by hand.
    entries.push(
      `${JSON.stringify(name)}:${JSON.stringify({ dtype: "F32", shape, data_offsets: [begin, end] })}`,
    );
  }

  const header = new TextEncoder().encode(`${entries.join(",")}}`);
  const headerLength = Math.ceil(header.length / 8) * 8;
  const dataStart = lengthBytes + headerLength;
  const bytes = new Uint8Array(dataStart + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(header, lengthBytes);
  bytes.fill(0x20, lengthBytes + header.length, dataStart);
  let at = dataStart;
  for (const { data } of tensors) {
    bytes.set(bytesOf(data), at);
    at += data.byteLength;
  }
  writeDigest(bytes, dataStart);
  return bytes;
}

/** Where a tensor of a file lies in its data. */
export interface SafetensorsEntry {
  readonly name: string;
  /** One of the types that were asked for. */
  readonly type: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** Types of values by the format's name for them, with the bytes of each. */
export type ValueTypes = Readonly<Record<string, number>>;

/** The one type that files of ours have. */
const float32: ValueTypes = { F32: floatBytes };

function entryOf(
  name: string,
  described: unknown,
  types: ValueTypes,
  refuse: (reason: string) => never,
): SafetensorsEntry {
  if (!isRecord(described)) return refuse(`its header describes tensor ${quoted(name)} by no object`);
  const { dtype, shape, data_offsets: offsets } = described;
  if (typeof dtype !== "string" || !Object.hasOwn(types, dtype)) {
    const expected = types === float32 ? '"F32", which is float32' : Object.keys(types).join(", ");
    return refuse(`tensor ${quoted(name)} has values of type ${received(dtype)}: expected ${expected}`);
  }
  if (!isCounts(shape)) {
    return refuse(`tensor ${quoted(name)} has shape ${received(shape)}: expected sizes`);
  }
  if (!(isCounts(offsets) && offsets.length === 2)) {
    return refuse(`tensor ${quoted(name)} has offsets ${received(offsets)}: expected [begin, end]`);
  }
  const [begin, end] = offsets;
  const size = sizeOf(shape) * types[dtype];
  if (end - begin !== size) {
    return refuse(
      `tensor ${quoted(name)} of shape ${received(shape)} has ${end - begin} bytes: ` +
        `expected ${Number.isFinite(size) ? size : "more than can be counted"}`,
    );
  }
  return { name, type: dtype, shape, begin, end };
}

function metadataOf(described: unknown, refuse: (reason: string) => never): Record<string, string> {
  if (described === undefined) return {};
  if (!isRecord(described)) return refuse(`its ${metadataKey} is no object`);
  return Object.fromEntries(
    Object.entries(described).map(([key, value]) => [
      key,
      typeof value === "string" ? value : refuse(`its metadata ${quoted(key)} is no string`),
    ]),
  );
}

function textOf(bytes: Uint8Array, length: number, refuse: (reason: string) => never): string {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    return text.decode(bytes.subarray(lengthBytes, lengthBytes + length));
  } catch {
    return refuse("its header is not UTF-8");
  }
}

function parsed(text: string, refuse: (reason: string) => never): Record<string, unknown> {
  let header: unknown;
  try {
    header = parseJson(text);
  } catch {
    return refuse("its header is not JSON, or nests more than 100 levels");
  }
  return isRecord(header) ? header : refuse("its header is no JSON object");
}

/** The tensors that a header describes, in the order of their data, which they must cover. */
function entriesOf(
  header: Readonly<Record<string, unknown>>,
  dataLength: number,
  types: ValueTypes,
  refuse: (reason: string) => never,
): readonly SafetensorsEntry[] {
  const entries = Object.entries(header)
    .filter(([name]) => name !== metadataKey)
    .map(([name, described]) => entryOf(name, described, types, refuse))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { name, begin, end } of entries) {
    if (begin < covered) return refuse(`tensor ${quoted(name)} overlaps the one before it`);
    if (begin > covered) {
      return refuse(`nothing describes the ${begin - covered} bytes before tensor ${quoted(name)}`);
    }
    covered = end;
  }
  if (covered > dataLength) {
    return refuse(`it holds ${dataLength} bytes of data of ${covered}: it was cut off`);
  }
  if (covered < dataLength) return refuse(`${dataLength - covered} bytes follow its last tensor`);
  return entries;
}

/**
 * Reads a safetensors file of float32 tensors. As the format demands, the tensors must cover the data without
 * a gap or an overlap; a digest, where there is one, must be that of the file. Nothing is allocated before all
 * of this is known, so that no file takes more memory than its own length explains. The data is copied.
 *
 * @param sourceName the file, for errors
 * @throws HeddleError when the file is truncated, damaged or not of this format, saying where
 */
export function decodeSafetensors(bytes: Uint8Array, sourceName: string): SafetensorsContents {
  checkFile("decodeSafetensors", bytes, sourceName);
  const { entries, dataStart, described, hasDigest } = openSafetensors(bytes, sourceName, float32);
  const tensors = entries.map(({ name, shape, begin, end }) => {
    const data = new Float32Array((end - begin) / floatBytes);
    bytesOf(data).set(bytes.subarray(dataStart + begin, dataStart + end));
    return { name, shape, data };
  });
  const metadata = Object.fromEntries(Object.entries(described).filter(([key]) => !digestKeys.includes(key)));
  return { tensors, metadata, hasDigest };
}

/** Whether a file begins as one of safetensors does: with the length of a JSON object, and that. */
export function looksLikeSafetensors(bytes: Uint8Array): boolean {
  if (bytes.length <= lengthBytes || bytes[lengthBytes] !== "{".charCodeAt(0)) return false;
  const length = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes).getBigUint64(0, true);
  return length <= bytes.length - lengthBytes;
}

/** A file that was checked whole, its tensors where they lie. */
export interface OpenSafetensors {
  /** In the order in which their data lies in the file. */
  readonly entries: readonly SafetensorsEntry[];
  /** Where the data begin that entries count from. */
  readonly dataStart: number;
  /** All metadata. */
  readonly described: Readonly<Record<string, string>>;
  readonly hasDigest: boolean;
}

/**
 * Checks a safetensors file as `decodeSafetensors` does, for values of these types.
 *
 * @throws HeddleError when the file is truncated, damaged or not of this format, saying where
 */
export function openSafetensors(bytes: Uint8Array, sourceName: string, types: ValueTypes): OpenSafetensors {
  const refuse = (reason: string): never => {
    throw new HeddleError(
      `${sourceName} is not a whole safetensors file: ${reason}. Use another copy, or train again.`,
    );
  };
  if (bytes.length < lengthBytes) {
    return refuse(`it has ${bytes.length} bytes: expected at least ${lengthBytes}`);
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset, lengthBytes);
  const headerLength = Number(length.getBigUint64(0, true));
  if (headerLength > longestHeader) {
    return refuse(
      `it is another kind of file, or its header has ${headerLength} bytes: expected at most ${longestHeader}`,
    );
  }
  const dataStart = lengthBytes + headerLength;
  if (dataStart > bytes.length) {
    return refuse(`it ends after ${bytes.length} bytes, within its header of ${headerLength} bytes`);
  }

  const text = textOf(bytes, headerLength, refuse);
  const header = parsed(text, refuse);
  const entries = entriesOf(header, bytes.length - dataStart, types, refuse);
  const described = metadataOf(header[metadataKey], refuse);
  const digest = checkDigest(bytes, dataStart, text);
  if (digest === "wrong") {
    return refuse("its digest is not that of its content, so it was damaged or changed after it was written");
  }
  return { entries, dataStart, described, hasDigest: digest === "right" };
}
