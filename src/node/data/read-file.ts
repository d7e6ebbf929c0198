import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { constants, gunzip } from "node:zlib";
import { idxLength } from "../../core/data/idx.js";
import { HeddleError } from "../../core/errors.js";
import { errorCode, readError } from "../file-errors.js";

const gunzipAsync = promisify(gunzip);

/** Large pieces: inflating 47 MB in zlib's usual 16 KB takes three times as long. */
const largestPiece = 2 ** 24;
/** What Node reads of a plain file at most. */
const largestFile = 2 ** 31 - 1;
/** Enough for what stands before the content in gzip, and for the header of an IDX file in it. */
const headLength = 4096;
/** Room for what follows a content that is too long, so that what is wrong with it can be said; and for no content. */
const spare = 2 ** 20;

/**
 * Reads a file whole, inflated where it is gzip. A name that ends in `.gz` must be gzip; without it, the first
 * bytes decide.
 * @param bytes that its content has, where that is known; else its own first ones say it.
 * @throws HeddleError when the file is missing, unreadable, empty, damaged gzip, or unpacks to more than it should.
 */
export async function readDataFile(path: string, bytes?: number): Promise<Uint8Array> {
  const content = await readFile(path).catch((cause: unknown) => {
    throw readError(path, cause);
  });
  if (content.length === 0) throw new HeddleError(`${path} is empty. Fetch or copy it again.`);
  return inflate(content, path, { mustBeGzip: path.endsWith(".gz"), bytes });
}

export interface InflateOptions {
  readonly mustBeGzip: boolean;
  /** What the content has, where that is known; else its own first bytes say it. */
  readonly bytes?: number;
}

/**
 * Undoes gzip, its checksum verified; other bytes are given back as they are, unless they must be gzip. A few bytes
 * can unpack to gigabytes: no more than what is expected is unpacked.
 * @param name named in errors.
 * @throws HeddleError on what is damaged, or unpacks to more than it should.
 */
export async function inflate(
  content: Uint8Array,
  name: string,
  { mustBeGzip, bytes }: InflateOptions,
): Promise<Uint8Array> {
  const isGzip = content[0] === 0x1f && content[1] === 0x8b;
  if (!isGzip) {
    if (!mustBeGzip) return content;
    throw new HeddleError(
      `${name} is not gzip, though its name ends in .gz: it begins with the bytes ${hexOf(content.subarray(0, 4))}, expected 1f 8b. Take .gz off its name if it is not compressed, or fetch it again.`,
    );
  }
  const expected = bytes ?? (await announcedLength(content));
  if (expected > largestFile) {
    throw new HeddleError(
      `${name} says that it unpacks to ${expected} bytes: expected at most ${largestFile}. If it is whole, take fewer images.`,
    );
  }
  const maxOutputLength = expected + (bytes === undefined ? spare : 0);
  const chunkSize = Math.min(largestPiece, Math.max(maxOutputLength, 1024));
  try {
    return await gunzipAsync(content, { chunkSize, maxOutputLength });
  } catch (cause) {
    const isTooLong = errorCode(cause) === "ERR_BUFFER_TOO_LARGE";
    const words = isTooLong ? tooLongWords(expected) : gzipErrorWords(cause);
    throw new HeddleError(`${name} is ${words}. Fetch or copy it again.`, { cause });
  }
}

/** What the first bytes of a content say that it has; 0 where they are of no IDX file. */
async function announcedLength(content: Uint8Array): Promise<number> {
  const options = { finishFlush: constants.Z_SYNC_FLUSH };
  // What is damaged here is found and told when all is unpacked.
  const head = await gunzipAsync(content.subarray(0, headLength), options).catch(() => new Uint8Array(0));
  return idxLength(head) ?? 0;
}

const tooLongWords = (expected: number): string =>
  expected > 0
    ? `damaged or something else: it unpacks to more than the ${expected} bytes that it should have`
    : "damaged, or no IDX file: what it unpacks to doesn't begin like one";

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
