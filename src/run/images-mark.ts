import { checksum } from "../core/checksum.js";
import type { ImageSet } from "../core/data/dataset.js";

/** What tells whether other images are the same. */
export interface ImagesMark {
  readonly count: number;
  /** FNV-1a over images and labels. */
  readonly checksum: number;
}

export function imagesMark({ count, images, labels }: ImageSet): ImagesMark {
  return { count, checksum: checksum(labels, checksum(images)) };
}
