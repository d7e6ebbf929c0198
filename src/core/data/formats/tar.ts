import { HeddleError } from "../../errors.js";

/** A file of a tar archive. */
export interface TarEntry {
  /** Its path within the archive. */
  readonly name: string;
  /** A view of the archive. */
  readonly bytes: Uint8Array;
}

const block = 512;
const magicPlace = 257;
/** Plain files: "0", and 0 as before POSIX. */
const fileTypes = [0x30, 0];

/** Whether the first bytes are a tar archive's (POSIX ustar, and GNU's). */
export const isTar = (head: Uint8Array): boolean =>
  head.length >= magicPlace + 5 && textAt(head, magicPlace, 5) === "ustar";

/** The name of the first thing in a tar archive, by its first bytes. */
export const firstTarName = (head: Uint8Array): string => textAt(head, 0, 100);

/**
 * The files of a tar archive; folders, links and what describes other entries are passed over.
 *
 * @param file named in errors
 * @throws HeddleError where it is damaged or cut off
 */
export function readTar(bytes: Uint8Array, file: string): TarEntry[] {
  const entries: TarEntry[] = [];
  for (let at = 0; at + block <= bytes.length && bytes[at] !== 0; ) {
    const header = bytes.subarray(at, at + block);
    if (!isTar(header)) {
      throw new HeddleError(
        `${file} is damaged: what follows byte ${at} is no entry of a tar archive. Fetch or copy it again.`,
      );
    }
    const size = Number.parseInt(textAt(header, 124, 12).trim(), 8);
    const begin = at + block;
    if (!Number.isInteger(size) || size < 0 || begin + size > bytes.length) {
      throw new HeddleError(
        `${file} is truncated or damaged: ${textAt(header, 0, 100)} in it runs past its end. Fetch or copy it again.`,
      );
    }
    if (fileTypes.includes(header[156])) {
      entries.push({ name: textAt(header, 0, 100), bytes: bytes.subarray(begin, begin + size) });
    }
    at = begin + Math.ceil(size / block) * block;
  }
  return entries;
}

function textAt(bytes: Uint8Array, at: number, length: number): string {
  const field = bytes.subarray(at, at + length);
  const end = field.indexOf(0);
  return String.fromCharCode(...(end === -1 ? field : field.subarray(0, end)));
}
