import { checksum } from "../checksum.js";
import { isRecord } from "../formats/json.js";
import type { ImageSet, Labels } from "./dataset.js";

/** What tells whether other images are the same. */
export interface ImagesMark {
  readonly count: number;
  /** FNV-1a over images and labels, or targets; over these alone where the images aren't in memory. */
  readonly checksum: number;
  /** What a source says of its images: null where they aren't in memory and it says nothing. */
  readonly fingerprint?: string | null;
  /** FNV-1a over labels or targets alone, of images in memory that have a fingerprint too. */
  readonly labels?: number;
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
  if (images instanceof Uint8Array) {
    const mark = { count, checksum: checksum(answers, checksum(images)) };
    return fingerprint === undefined ? mark : { ...mark, fingerprint, labels: checksum(answers) };
  }
  return { count, checksum: checksum(answers), fingerprint: fingerprint ?? null };
}

/**
 * Whether two marks are of the same images: those in memory by their pixels, others by what their source says of them. The
 * same pictures may be in memory on one machine, and on another not.
 *
 * @param kept out of a file, which may say anything
 */
export function sameImages(kept: unknown, now: unknown): boolean {
  if (!isRecord(kept) || !isRecord(now)) return kept === now;
  if (kept.count !== now.count || kept.groups !== now.groups) return false;
  if (hasPixels(kept) && hasPixels(now)) return kept.checksum === now.checksum;
  const labels = [kept, now].map((mark) => mark.labels ?? mark.checksum);
  return kept.fingerprint === now.fingerprint && labels[0] === labels[1];
}

/** Whether a mark's checksum is of the pixels too. */
const hasPixels = ({ fingerprint, labels }: Readonly<Record<string, unknown>>): boolean =>
  fingerprint === undefined || labels !== undefined;
