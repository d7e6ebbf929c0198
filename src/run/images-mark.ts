import { checksum } from "../core/checksum.js";
import type { ImageSet } from "../core/data/dataset.js";

/** What tells whether other images are the same. */
export interface ImagesMark {
  readonly count: number;
  /** FNV-1a over images and labels; over labels alone where the images aren't in memory. */
  readonly checksum: number;
  /** What a source says of its images, where they aren't in memory: null where it says nothing. */
  readonly fingerprint?: string | null;
}

export function imagesMark({ count, images, labels, fingerprint }: ImageSet): ImagesMark {
  if (images instanceof Uint8Array) return { count, checksum: checksum(labels, checksum(images)) };
  return { count, checksum: checksum(labels), fingerprint: fingerprint ?? null };
}
