import { HeddleError } from "../../errors.js";
import { latin1 } from "./latin1.js";

/** A content of a ZIP archive, as its directory tells of it. */
export interface ZipEntry {
  readonly name: string;
  /** As they lie in the archive: as they are, or deflated. */
  readonly packed: Uint8Array;
  readonly isDeflated: boolean;
  /** Bytes of the content. */
  readonly size: number;
  /** CRC-32 of the content. */
  readonly crc32: number;
}

const entrySignature = 0x02014b50;
const localSignature = 0x04034b50;
const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const locatorSignature = 0x07064b50;
const entryLength = 46;
const localLength = 30;
const endLength = 22;
const locatorLength = 20;
const end64Length = 56;
/** A comment may stand behind the end of the directory. */
const longestComment = 0xffff;
/** The field beside an entry's name with sizes of 64 bits. */
const zip64Field = 1;
const unknown32 = 0xffffffff;
const stored = 0;
const deflated = 8;

/** Whether the first bytes are a ZIP archive's. */
export const isZip = (head: Uint8Array): boolean =>
  head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5) && head[3] === head[2] + 1;

/**
 * The directory of a ZIP archive (PKWARE's APPNOTE 6.3), 64-bit sizes too. Nothing is unpacked: contents are views of the
 * archive.
 *
 * @param file named in errors
 * @throws HeddleError where it is damaged, or an entry is encrypted, lies outside of it or is there twice
 */
export function readZipDirectory(bytes: Uint8Array, file: string): ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const damaged = (what: string): HeddleError =>
    new HeddleError(`${file} is damaged: ${what}. Fetch, copy or save it again.`);
  const { count, offset: first } = findDirectory(view, damaged);
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let at = first;
  for (let index = 0; index < count; index++) {
    if (at + entryLength > bytes.length || view.getUint32(at, true) !== entrySignature) {
      throw damaged(`its directory ends after ${index} of ${count} entries`);
    }
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + entryLength + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > bytes.length) throw damaged("its directory runs past its end");
    const name = latin1(bytes.subarray(at + entryLength, at + entryLength + nameLength));
    const extra = new DataView(bytes.buffer, bytes.byteOffset + at + entryLength + nameLength, extraLength);
    if (names.has(name)) throw damaged(`${name} is in it twice`);
    names.add(name);
    entries.push({ name, ...readEntry(bytes, view, at, extra, `${name} in it`, damaged) });
    at = next;
  }
  return entries;
}

type Damaged = (what: string) => HeddleError;

/** How many entries, and where they begin. */
function findDirectory(view: DataView, damaged: Damaged): { count: number; offset: number } {
  const lowest = Math.max(0, view.byteLength - endLength - longestComment);
  let end = view.byteLength - endLength;
  while (end >= lowest && view.getUint32(end, true) !== endSignature) end--;
  if (end < lowest)
    throw damaged("the end of its directory is missing, so it is truncated or no ZIP archive");
  const directory = { count: view.getUint16(end + 10, true), offset: view.getUint32(end + 16, true) };
  if (directory.count !== 0xffff && directory.offset !== unknown32) return directory;
  const locator = end - locatorLength;
  if (locator < 0 || view.getUint32(locator, true) !== locatorSignature) return directory;
  const end64 = Number(view.getBigUint64(locator + 8, true));
  if (end64 + end64Length > view.byteLength || view.getUint32(end64, true) !== end64Signature) {
    throw damaged("the end of its 64-bit directory is not where it says");
  }
  return {
    count: Number(view.getBigUint64(end64 + 32, true)),
    offset: Number(view.getBigUint64(end64 + 48, true)),
  };
}

function readEntry(
  bytes: Uint8Array,
  view: DataView,
  at: number,
  extra: DataView,
  what: string,
  damaged: Damaged,
): Omit<ZipEntry, "name"> {
  const method = view.getUint16(at + 10, true);
  if (view.getUint16(at + 8, true) & 1) throw damaged(`${what} is encrypted`);
  if (method !== stored && method !== deflated) {
    throw damaged(`${what} is packed by method ${method}; expected stored or deflated`);
  }
  const wide = wideNumbers(extra);
  const number = (place: number): number => {
    const short = view.getUint32(at + place, true);
    return short === unknown32 ? (wide.shift() ?? short) : short;
  };
  // In the order in which the field for 64 bits has those of them that don't fit 32.
  const size = number(24);
  const packedSize = number(20);
  const local = number(42);
  if (local + localLength > bytes.length || view.getUint32(local, true) !== localSignature) {
    throw damaged(`${what} is not where its directory says`);
  }
  const start = local + localLength + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  if (start + packedSize > bytes.length) throw damaged(`${what} runs past its end`);
  if (method === stored && packedSize !== size) throw damaged(`${what} has two sizes`);
  return {
    packed: bytes.subarray(start, start + packedSize),
    isDeflated: method === deflated,
    size,
    crc32: view.getUint32(at + 16, true),
  };
}

function wideNumbers(extra: DataView): number[] {
  for (let at = 0; at + 4 <= extra.byteLength; ) {
    const length = extra.getUint16(at + 2, true);
    const end = at + 4 + length;
    if (extra.getUint16(at, true) === zip64Field && end <= extra.byteLength) {
      return Array.from({ length: length >>> 3 }, (_, index) =>
        Number(extra.getBigUint64(at + 4 + 8 * index, true)),
      );
    }
    at = end;
  }
  return [];
}
