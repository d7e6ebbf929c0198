import { HeddleError } from "../errors.js";
import type { NamedTensor } from "../named-tensor.js";
import { received } from "../options/received.js";
import { parseJson } from "./json.js";
import { decodeSafetensors } from "./safetensors.js";

/** What a kind of file says of itself in its metadata, and how to mend a call that gave another. */
export interface OwnFormat {
  /** The metadata's `format`. */
  readonly format: string;
  /** `model`, for sentences. */
  readonly noun: string;
  /** A sentence: which file to give instead of one that is no such file. */
  readonly giveInstead: string;
  /** A sentence: what to do with one of another version. */
  readonly otherVersion: string;
}

/** What is written: read are all from 1, which has no digest, on. */
export const version = "2";

export interface OwnFile {
  readonly version: "1" | typeof version;
  readonly tensors: readonly NamedTensor[];
  readonly metadata: Readonly<Record<string, string>>;
  /** @throws HeddleError always, saying `what` */
  readonly damaged: (what: string) => never;
}

/**
 * Reads a safetensors file that must be of one of heddle's own formats.
 *
 * @param sourceName the file, for errors
 * @throws HeddleError when the file is damaged, of another format or of a version not known here
 */
export function readOwnFile(bytes: Uint8Array, sourceName: string, own: OwnFormat): OwnFile {
  const { tensors, metadata, hasDigest } = decodeSafetensors(bytes, sourceName);
  if (metadata.format !== own.format) {
    throw new HeddleError(
      `${sourceName} is a safetensors file, but no heddle ${own.noun}: its metadata has format ` +
        `${received(metadata.format)}, expected "${own.format}". ${own.giveInstead}`,
    );
  }
  if (metadata.version !== "1" && metadata.version !== version) {
    throw new HeddleError(
      `${sourceName} is a heddle ${own.noun} of version ${received(metadata.version)}: ` +
        `expected "${version}" or "1". ${own.otherVersion}`,
    );
  }
  const damaged = (what: string): never => {
    throw new HeddleError(
      `${sourceName} is a damaged heddle ${own.noun}: ${what}. Use another copy, or train again.`,
    );
  };
  if (metadata.version === version && !hasDigest) return damaged("it has no digest");
  return { version: metadata.version, tensors, metadata, damaged };
}

/** One piece of metadata, written as JSON. @param refuse is told the key that is missing or damaged */
export function metadataField<Value>(
  metadata: Readonly<Record<string, string>>,
  key: string,
  fits: (value: unknown) => value is Value,
  refuse: (key: string) => never,
): Value {
  let value: unknown;
  try {
    value = parseJson(metadata[key] ?? "");
  } catch {
    value = undefined;
  }
  return fits(value) ? value : refuse(key);
}
