import { open, readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { constants, gunzip } from "node:zlib";
import { idxLength } from "../../core/data/idx.js";
import { HeddleError, messageOf } from "../../core/errors.js";
import { errorCode, readError } from "../file-errors.js";

const gunzipAsync = promisify(gunzip);

/** Large pieces: inflating 47 MB in zlib's usual 16 KB takes three times as long. */
const largestPiece = 2 ** 24;
/** What Node reads of a plain file at most. */
export const largestFile = 2 ** 31 - 1;
/** Enough for what stands before the content in gzip, and for the header of an IDX file in it. */
const headLength = 4096;
/** Enough to tell a kind by: the header of a CSV file with a name for each pixel. */
const recognisableLength = 2 ** 18;
/** Room for what follows a content that is too long, so that what is wrong with it can be said; and for no content. */
const spare = 2 ** 20;

/** What a content that doesn't say its length may unpack to, by its packed length: pictures are not as empty as this. */
export const unpackLimit = (packed: number): number => Math.min(largestFile, Math.max(2 ** 26, 200 * packed));

/**
 * Reads a file whole, inflated where it is gzip. A name that ends in `.gz` must be gzip; without it, the first
 * bytes decide.
 * @param bytes that its content has, where that is known; else its own first ones say it.
 * @throws HeddleError when the file is missing, unreadable, empty, damaged gzip, or unpacks to more than it should.
 */
export async function readDataFile(path: string, bytes?: number): Promise<Uint8Array> {
  return inflate(await readNonEmpty(path), path, { mustBeGzip: path.endsWith(".gz"), bytes });
}

/**
 * The same of a file whose first bytes don't say its length: no more than `unpackLimit` is unpacked.
 * @throws HeddleError as `readDataFile` does
 */
export async function readAnyFile(path: string): Promise<Uint8Array> {
  const content = await readNonEmpty(path);
  return inflate(content, path, {
    mustBeGzip: path.endsWith("gz"),
    atMost: unpackLimit(content.length),
  });
}

/** The first bytes of a file, inflated where it is gzip; none where it is damaged from the start. */
export async function readHead(path: string): Promise<Uint8Array> {
  const file = await open(path).catch((cause: unknown) => {
    throw readError(path, cause);
  });
  try {
    const { buffer, bytesRead } = await file.read({
      buffer: new Uint8Array(recognisableLength),
      position: 0,
    });
    const head = buffer.subarray(0, bytesRead);
    if (!isGzip(head)) return head;
    return await gunzipAsync(head, { finishFlush: constants.Z_SYNC_FLUSH }).catch(() => new Uint8Array(0));
  } catch (cause) {
    throw cause instanceof HeddleError ? cause : readError(path, cause);
  } finally {
    await file.close();
  }
}

const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b;

async function readNonEmpty(path: string): Promise<Uint8Array> {
  const content = await readFile(path).catch((cause: unknown) => {
    throw readError(path, cause);
  });
  if (content.length === 0) throw new HeddleError(`${path} is empty. Fetch or copy it again.`);
  return content;
}

export interface InflateOptions {
  readonly mustBeGzip: boolean;
  /** What the content has, where that is known; else its own first bytes say it. */
  readonly bytes?: number;
  /** What it may have, where nothing says what it has. */
  readonly atMost?: number;
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
  { mustBeGzip, bytes, atMost }: InflateOptions,
): Promise<Uint8Array> {
  if (!isGzip(content)) {
    if (!mustBeGzip) return content;
    throw new HeddleError(
      `${name} is not gzip, though its name ends in .gz: it begins with the bytes ${hexOf(content.subarray(0, 4))}, expected 1f 8b. Take .gz off its name if it is not compressed, or fetch it again.`,
    );
  }
  const expected = bytes ?? atMost ?? (await announcedLength(content));
  if (expected > largestFile) {
    throw new HeddleError(
      `${name} says that it unpacks to ${expected} bytes: expected at most ${largestFile}. If it is whole, take fewer images.`,
    );
  }
  const maxOutputLength = expected + ((bytes ?? atMost) === undefined ? spare : 0);
  const chunkSize = Math.min(largestPiece, Math.max(maxOutputLength, 1024));
  try {
    return await gunzipAsync(content, { chunkSize, maxOutputLength });
  } catch (cause) {
    const isTooLong = errorCode(cause) === "ERR_BUFFER_TOO_LARGE";
    if (isTooLong && atMost !== undefined) throw bombError(name, atMost, cause);
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

/** What to say of a content that unpacks to more than `unpackLimit`. */
export const bombError = (name: string, atMost: number, cause?: unknown): HeddleError =>
  new HeddleError(
    `${name} unpacks to more than ${atMost} bytes, which is more than pictures that are packed so small have. If it is whole, unpack it first and name what comes out.`,
    { cause },
  );

const tooLongWords = (expected: number): string =>
  expected > 0
    ? `damaged or something else: it unpacks to more than the ${expected} bytes that it should have`
    : "damaged, or no IDX file: what it unpacks to doesn't begin like one";

function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
}

function gzipErrorWords(cause: unknown): string {
  const code = errorCode(cause);
  const detail = messageOf(cause);
  if (code === "Z_BUF_ERROR") return "truncated: its gzip data ends too early";
  if (detail === "incorrect data check") return "damaged: its gzip checksum (CRC) does not match its content";
  return `damaged gzip (${detail})`;
}
