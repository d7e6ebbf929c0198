import { checksum } from "../checksum.js";
import type { ImageSet, Labels } from "./dataset.js";

/** What tells whether other images are the same. */
export interface ImagesMark {
  readonly count: number;
  /** FNV-1a over images and labels, or targets; over these alone where the images aren't in memory. */
  readonly checksum: number;
  /** What a source says of its images, where they aren't in memory: null where it says nothing. */
  readonly fingerprint?: string | null;
}

export function imagesMark({
  count,
  images,
  labels,
  targets,
  fingerprint,
}: Pick<ImageSet, "count" | "images" | "fingerprint"> & {
  readonly labels: Labels;
  readonly targets?: Float32Array;
}): ImagesMark {
  const answers = targets ? new Uint8Array(targets.buffer, targets.byteOffset, targets.byteLength) : labels;
  if (images instanceof Uint8Array) return { count, checksum: checksum(answers, checksum(images)) };
  return { count, checksum: checksum(answers), fingerprint: fingerprint ?? null };
}
