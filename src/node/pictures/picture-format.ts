import { mebibytes } from "../../core/words.js";
import { PictureError } from "./picture-error.js";

/** The formats that are read: no other content is ever given to a decoder. */
export type PictureFormat = "JPEG" | "PNG" | "WebP" | "AVIF";

/** The largest file that is read, in bytes. */
export const mostBytes = 2 ** 29;

/** The most pixels that a picture may say it has: one of 16,384 by 16,384. */
export const mostPixels = 2 ** 28;

/** Enough of a file for `pictureFormat`. */
export const formatBytes = 64;

const latin = (bytes: Uint8Array, from: number, to: number): string =>
  String.fromCharCode(...bytes.subarray(from, to));

const startsWith = (bytes: Uint8Array, start: string): boolean => latin(bytes, 0, start.length) === start;

const starts: readonly (readonly [PictureFormat, (bytes: Uint8Array) => boolean])[] = [
  ["JPEG", (bytes) => startsWith(bytes, "\xff\xd8\xff")],
  ["PNG", (bytes) => startsWith(bytes, "\x89PNG\r\n\x1a\n")],
  ["WebP", (bytes) => startsWith(bytes, "RIFF") && latin(bytes, 8, 12) === "WEBP"],
  ["AVIF", (bytes) => /^avi[fs]$/.test(latin(bytes, 8, 12)) && latin(bytes, 4, 8) === "ftyp"],
  ["AVIF", (bytes) => latin(bytes, 8, 12) === "mif1" && brands(bytes).includes("avif")],
];

/** What is often met under a picture's name, for its error. */
const others: readonly (readonly [string, (bytes: Uint8Array) => boolean])[] = [
  ["a GIF", (bytes) => /^GIF8[79]a/.test(latin(bytes, 0, 6))],
  ["a TIFF", (bytes) => ["II*\0", "II+\0", "MM\0*", "MM\0+"].some((start) => startsWith(bytes, start))],
  ["a BMP", (bytes) => startsWith(bytes, "BM")],
  ["HEIC", (bytes) => /^(hei[cxms]|hev[cx]|mif1|msf1)$/.test(latin(bytes, 8, 12))],
  ["JPEG XL", (bytes) => ["\xff\x0a", "\0\0\0\x0cJXL "].some((start) => startsWith(bytes, start))],
  ["a PDF", (bytes) => startsWith(bytes, "%PDF-")],
  ["SVG, HTML or other markup", (bytes) => /^(\xef\xbb\xbf)?\s*<[!?a-z]/i.test(latin(bytes, 0, formatBytes))],
];

/** The compatible brands of an ISO base media file, of which the first box tells. */
function brands(bytes: Uint8Array): readonly string[] {
  if (latin(bytes, 4, 8) !== "ftyp") return [];
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0);
  const end = Math.min(length, bytes.length, formatBytes);
  const found: string[] = [];
  for (let at = 16; at + 4 <= end; at += 4) found.push(latin(bytes, at, at + 4));
  return found;
}

/** Tells a picture's format by its content, whatever its name. @throws PictureError on any that isn't read */
export function pictureFormat(bytes: Uint8Array): PictureFormat {
  if (bytes.length === 0) throw new PictureError("it is empty");
  const format = starts.find(([, matches]) => matches(bytes))?.[0];
  if (format) return format;
  const other = others.find(([, matches]) => matches(bytes))?.[0];
  const what = other ? `it is ${other}` : "it is no picture that can be read";
  throw new PictureError(`${what}, expected JPEG, PNG, WebP or AVIF`);
}

/** @throws PictureError on more bytes than are read of a file */
export function checkBytes(bytes: number): void {
  if (bytes <= mostBytes) return;
  throw new PictureError(
    `its file has ${mebibytes(bytes)}, more than the ${mebibytes(mostBytes)} that are read`,
  );
}

/** Holds what a picture says of itself against the cap, before room is made for it. @throws PictureError */
export function checkPixels(width: number, height: number, most = mostPixels): void {
  if (width * height <= most) return;
  const cap = most < 1e6 ? `${most}` : `${Math.round(most / 1e6).toLocaleString("en-US")} million`;
  throw new PictureError(`it says that it has ${width} × ${height} pixels, and ${cap} are decoded at most`);
}
