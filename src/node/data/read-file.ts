import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { HeddleError } from "../../core/errors.js";
import { errorCode, readError } from "../file-errors.js";

const gunzipAsync = promisify(gunzip);

/** Large pieces: inflating 47 MB in zlib's usual 16 KB takes three times as long. */
const INFLATE_CHUNK = 2 ** 24;

/**
 * Reads a file whole, inflated where it is gzip. A name that ends in `.gz` must be gzip; without it, the first
 * bytes decide.
 * @throws HeddleError when the file is missing, unreadable, empty, or damaged gzip.
 */
export async function readDataFile(path: string): Promise<Uint8Array> {
  const bytes = await readBytes(path);
  if (bytes.length === 0) throw new HeddleError(`${path} is empty. Fetch or copy it again.`);
  return inflate(bytes, path, path.endsWith(".gz"));
}

async function readBytes(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw readError(path, cause);
  }
}

/**
 * Undoes gzip, its checksum verified; other bytes are given back as they are, unless they must be gzip.
 * @param name named in errors.
 */
export async function inflate(bytes: Uint8Array, name: string, mustBeGzip: boolean): Promise<Uint8Array> {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  if (!isGzip) {
    if (!mustBeGzip) return bytes;
    throw new HeddleError(
      `${name} is not gzip, though its name ends in .gz: it begins with the bytes ${hexOf(bytes.subarray(0, 4))}, expected 1f 8b. Take .gz off its name if it is not compressed, or fetch it again.`,
    );
  }
  try {
    return await gunzipAsync(bytes, { chunkSize: INFLATE_CHUNK });
  } catch (cause) {
    throw new HeddleError(`${name} is ${gzipErrorWords(cause)}. Fetch or copy it again.`, { cause });
  }
}

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

function gzipErrorWords(cause: unknown): string {
  const code = errorCode(cause);
  const detail = cause instanceof Error ? cause.message : String(cause);
  if (code === "Z_BUF_ERROR") return "truncated: its gzip data ends too early";
  if (detail === "incorrect data check") return "damaged: its gzip checksum (CRC) does not match its content";
  return `damaged gzip (${detail})`;
}
