import { createHash } from "node:crypto";
import type { FileHandle } from "node:fs/promises";
import { z } from "zod";

/** A picture that the cache holds. */
export interface SegmentEntry {
  /** From the data set's folder. */
  readonly path: string;
  /** Of its file when it was decoded, bytes. */
  readonly size: number;
  /** When its file was last changed, milliseconds since 1970. */
  readonly time: number;
  /** Digest of its file. */
  readonly content: string;
  /** Digest of its decoded bytes. */
  readonly digest: string;
}

/** What stands at a segment's end: its mark, the index's length and the index's digest. */
const footerLength = 48;
const mark = "heddlep1";
const largestIndex = 2 ** 30;

const indexSchema = z.array(z.tuple([z.string(), z.number(), z.number(), z.string(), z.string()]).readonly());

/** 128 bits of SHA-256 as text: tells contents apart. */
export function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("base64url").slice(0, 22);
}

/** What follows the images of a segment. */
export function segmentEnd(entries: readonly SegmentEntry[]): Uint8Array {
  const rows = entries.map(({ path, size, time, content, digest }) => [path, size, time, content, digest]);
  const index = Buffer.from(JSON.stringify(rows));
  const footer = Buffer.alloc(footerLength);
  footer.write(mark, 0, "latin1");
  footer.writeDoubleLE(index.length, 8);
  createHash("sha256").update(index).digest().copy(footer, 16);
  return Buffer.concat([index, footer]);
}

/**
 * Reads which images a segment holds, of `imageBytes` each, one after the other from its beginning.
 *
 * @returns undefined where the file is no whole segment
 */
export async function readSegmentIndex(
  file: FileHandle,
  imageBytes: number,
): Promise<readonly SegmentEntry[] | undefined> {
  const { size } = await file.stat();
  if (size < footerLength) return undefined;
  const footer = Buffer.alloc(footerLength);
  await file.read(footer, 0, footerLength, size - footerLength);
  const length = footer.readDoubleLE(8);
  if (footer.toString("latin1", 0, 8) !== mark || !Number.isInteger(length) || length < 0) return undefined;
  if (length > Math.min(largestIndex, size - footerLength)) return undefined;
  const index = Buffer.alloc(length);
  await file.read(index, 0, length, size - footerLength - length);
  if (!createHash("sha256").update(index).digest().equals(footer.subarray(16, 48))) return undefined;
  const rows = indexSchema.safeParse(parsed(index.toString("utf8")));
  if (!rows.success || rows.data.length * imageBytes !== size - footerLength - length) return undefined;
  return rows.data.map(([path, fileSize, time, content, digest]) => ({
    path,
    size: fileSize,
    time,
    content,
    digest,
  }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
