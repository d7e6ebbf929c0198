import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";
import { crc32 } from "../../core/data/formats/crc32.js";
import type { ZipEntry } from "../../core/data/formats/zip-directory.js";
import { HeddleError, messageOf } from "../../core/errors.js";
import { bombError, unpackLimit } from "./read-file.js";

const inflateAsync = promisify(inflateRaw);

/**
 * The content of a ZIP archive's entry, its checksum verified. No more is unpacked than its directory says.
 *
 * @param name in errors
 * @throws HeddleError where it is damaged, of another length than is said, or would unpack to far more than it has
 */
export async function unzip(
  { packed, isDeflated, size, crc32: sum }: ZipEntry,
  name: string,
): Promise<Uint8Array> {
  const limit = unpackLimit(packed.length);
  if (size > limit) throw bombError(name, limit);
  const content = isDeflated ? await inflateEntry(packed, size, name) : packed;
  if (content.length !== size) {
    throw damaged(name, `it unpacks to ${content.length} bytes, and its directory says ${size}`);
  }
  if (crc32(content) !== sum) throw damaged(name, "its checksum (CRC) does not match its content");
  return content;
}

async function inflateEntry(packed: Uint8Array, size: number, name: string): Promise<Uint8Array> {
  try {
    // zlib allows no limit of 0.
    return await inflateAsync(packed, {
      maxOutputLength: size + 1,
      chunkSize: Math.max(1024, Math.min(size + 1, 2 ** 24)),
    });
  } catch (cause) {
    const words =
      cause instanceof RangeError
        ? `it unpacks to more than the ${size} bytes that its directory says`
        : `its deflated data can't be read (${messageOf(cause)})`;
    throw damaged(name, words, cause);
  }
}

const damaged = (name: string, what: string, cause?: unknown): HeddleError =>
  new HeddleError(`${name} is damaged: ${what}. Fetch, copy or save it again.`, { cause });
