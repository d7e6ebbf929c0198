import { HeddleError } from "../core/errors.js";

/** What a file of text says. @throws HeddleError where it is in another encoding */
export function utf8Text(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new HeddleError(`${file} is not text in UTF-8. Save it as such.`, { cause });
  }
}
