import { deflateRawSync } from "node:zlib";
import { crc32 } from "../core/data/formats/crc32.js";

/** What a test changes of an entry. */
export interface ZipContent {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly deflate?: boolean;
  /** The length that is said, in place of the true one. */
  readonly size?: number;
  readonly crc32?: number;
  readonly flags?: number;
  readonly method?: number;
}

/** A ZIP archive, with sizes of 64 bits where a test asks for them. */
export function encodeZip(contents: readonly ZipContent[], { wide = false, comment = "" } = {}): Uint8Array {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const {
    name,
    bytes,
    deflate = false,
    size = bytes.length,
    crc32: sum = crc32(bytes),
    flags = 0,
    method,
  } of contents) {
    const packed = deflate ? deflateRawSync(bytes) : Buffer.from(bytes);
    const how = method ?? (deflate ? 8 : 0);
    const local = numbers(
      [4, 0x04034b50],
      [2, 45],
      [2, flags],
      [2, how],
      [4, 0],
      [4, sum],
      [4, packed.length],
      [4, Math.min(size, 0xffffffff)],
      [2, name.length],
      [2, 0],
    );
    const all = 0xffffffff;
    const extra = wide
      ? numbers([2, 1], [2, 24], [8, size], [8, packed.length], [8, offset])
      : Buffer.alloc(0);
    const header = numbers(
      ...([
        [4, 0x02014b50],
        [2, 45],
        [2, 45],
        [2, flags],
        [2, how],
        [4, 0],
        [4, sum],
      ] as Field[]),
      ...([
        [4, wide ? all : packed.length],
        [4, wide ? all : size],
        [2, name.length],
        [2, extra.length],
        [2, 0],
      ] as Field[]),
      ...([
        [2, 0],
        [2, 0],
        [4, 0],
        [4, wide ? all : offset],
      ] as Field[]),
    );
    directory.push(header, Buffer.from(name), extra);
    pieces.push(local, Buffer.from(name), packed);
    offset += local.length + name.length + packed.length;
  }
  const entries = Buffer.concat(directory);
  const end64 = numbers(
    [4, 0x06064b50],
    [8, 44],
    [2, 45],
    [2, 45],
    [4, 0],
    [4, 0],
    [8, contents.length],
    [8, contents.length],
    [8, entries.length],
    [8, offset],
  );
  const locator = numbers([4, 0x07064b50], [4, 0], [8, offset + entries.length], [4, 1]);
  const count = wide ? 0xffff : contents.length;
  const end = numbers(
    [4, 0x06054b50],
    [2, 0],
    [2, 0],
    [2, count],
    [2, count],
    [4, entries.length],
    [4, wide ? 0xffffffff : offset],
    [2, comment.length],
  );
  return new Uint8Array(
    Buffer.concat([...pieces, entries, ...(wide ? [end64, locator] : []), end, Buffer.from(comment)]),
  );
}

type Field = readonly [bytes: 2 | 4 | 8, value: number];

function numbers(...fields: Field[]): Buffer {
  const buffer = Buffer.alloc(fields.reduce((sum, [bytes]) => sum + bytes, 0));
  let at = 0;
  for (const [bytes, value] of fields) {
    if (bytes === 2) buffer.writeUInt16LE(value, at);
    else if (bytes === 4) buffer.writeUInt32LE(value, at);
    else buffer.writeBigUInt64LE(BigInt(value), at);
    at += bytes;
  }
  return buffer;
}
