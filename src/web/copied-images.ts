import { UsageError } from "../core/errors.js";
import type {
  CheckedImages,
  ImagesWithTargets,
  LabelledImages,
  TrainingData,
} from "../core/training/check-data.js";

/** Labelled images that can be sent: as bytes, [N, H, W, C]. */
export interface LabelledImagesInMemory extends Omit<LabelledImages, "images" | "fingerprint"> {
  readonly images: Uint8Array | Uint8ClampedArray;
}

/** Images with targets that can be sent, as `LabelledImagesInMemory`. */
export interface ImagesWithTargetsInMemory extends Omit<ImagesWithTargets, "images" | "fingerprint"> {
  readonly images: Uint8Array | Uint8ClampedArray;
}

/** What a page's `fit` reads of a data set: any `Dataset` is one. */
export interface TrainingDataInMemory extends Omit<TrainingData, "train" | "validation"> {
  readonly train: LabelledImagesInMemory | ImagesWithTargetsInMemory;
  readonly validation?: LabelledImagesInMemory | ImagesWithTargetsInMemory | undefined;
}

/** What a worker is sent of images: as they were given, but for their own memory, which may go to it. */
export type SentImages = (LabelledImages | ImagesWithTargets) & { readonly images: Uint8Array<ArrayBuffer> };

/**
 * Copies of images and of what they should give. The worker knows the model's loss, and checks what depends on it.
 *
 * @param place says whose they are: `evaluate`, `fit: train`
 * @throws UsageError on those that a function gives: no message can hold one.
 */
export function copiedImages(
  place: string,
  { count, images, labels, targets, groups }: CheckedImages,
): SentImages {
  if (typeof images !== "function") {
    return {
      count,
      images: images.slice(),
      ...(targets ? { targets } : { labels }),
      ...(groups && { groups }),
    };
  }
  throw new UsageError(
    `${place}.images come from a source, which can't be sent to a worker. Give them in memory, or write a worker of ` +
      "your own over Model and browserPlatform, which makes its source itself.",
  );
}
