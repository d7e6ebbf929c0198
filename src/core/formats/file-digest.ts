import { lengthBytes, metadataKey } from "./layout.js";
import { murmur3, murmur3Digits } from "./murmur3.js";

const digestKey = "heddleDigest";
const coverageKey = "heddleDigestOver";

/** Metadata that belongs to the digest: written and read here alone. */
export const digestKeys: readonly string[] = [digestKey, coverageKey];

const beforeDigest = `{"${metadataKey}":{"${digestKey}":"murmur3-128:`;
const afterDigest = `","${coverageKey}":"length, header and data"`;

/** How the header of each file of ours begins, the digest yet to be filled in. */
export const headerWithoutDigest = `${beforeDigest}${"0".repeat(murmur3Digits)}${afterDigest}`;

const digestAt = lengthBytes + beforeDigest.length;

/**
 * The digest of a whole file: of its length and header, with the digest of the data in its own place.
 *
 * @param dataStart where the header ends
 */
function digestOf(bytes: Uint8Array, dataStart: number): Uint8Array {
  // A Buffer's slice would be no copy.
  const head = new Uint8Array(bytes.subarray(0, dataStart));
  head.set(encoded(murmur3(bytes.subarray(dataStart))), digestAt);
  return encoded(murmur3(head));
}

const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);

/** Fills the digest into a file that begins with `headerWithoutDigest`. */
export function writeDigest(bytes: Uint8Array, dataStart: number): void {
  bytes.set(digestOf(bytes, dataStart), digestAt);
}

/**
 * Whether the text of a header announces a digest. It is looked for as text, not as parsed: a flipped bit may
 * give two parts of a header one name, and of those a parser forgets the first. Within a name or a value these
 * quotes would be escaped. Either key is enough, so that no flipped bit makes a file one that never had a digest.
 */
const announcesDigest = (header: string): boolean => digestKeys.some((key) => header.includes(`"${key}":`));

/**
 * Whether a file has the digest of its content; `absent` where nothing announces one, as in files of version 1
 * and of other programs.
 *
 * @param header its text
 */
export function checkDigest(
  bytes: Uint8Array,
  dataStart: number,
  header: string,
): "right" | "wrong" | "absent" {
  if (!announcesDigest(header)) return "absent";
  const inPlace =
    header.startsWith(beforeDigest) && header.startsWith(afterDigest, beforeDigest.length + murmur3Digits);
  if (!inPlace) return "wrong";
  const digest = digestOf(bytes, dataStart);
  return digest.every((byte, index) => byte === bytes[digestAt + index]) ? "right" : "wrong";
}
