import { checkFile } from "./arguments.js";
import { digestKeys } from "./file-digest.js";
import { floatBytes } from "./layout.js";
import { murmur3 } from "./murmur3.js";
import { openSafetensors } from "./safetensors.js";

/**
 * What tells a model file from every other: the digest in its header, or, of one of version 1 that has none, that of
 * all its bytes. Exports name the model by it.
 *
 * @param sourceName the file, for errors
 * @throws UsageError on arguments that are none
 * @throws HeddleError when it is damaged or no such file
 */
export function modelDigest(bytes: Uint8Array, sourceName: string): string {
  checkFile("modelDigest", bytes, sourceName);
  const { described } = openSafetensors(bytes, sourceName, { F32: floatBytes });
  return described[digestKeys[0]] ?? `murmur3-128:${murmur3(bytes)}`;
}
