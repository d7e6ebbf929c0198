import type { Images } from "../core/data/image-reader.js";
import { UsageError } from "../core/errors.js";
import type { LabelledImages, TrainingData } from "../core/training/check-data.js";

/** Labelled images that can be sent: as bytes, [N, H, W, C]. */
export interface LabelledImagesInMemory extends Omit<LabelledImages, "images" | "fingerprint"> {
  readonly images: Uint8Array | Uint8ClampedArray;
}

/** What a page's `fit` reads of a data set: any `Dataset` is one. */
export interface TrainingDataInMemory extends Omit<TrainingData, "train"> {
  readonly train: LabelledImagesInMemory;
}

/**
 * A copy of images whose memory may go to a worker.
 *
 * @param place says whose they are: `evaluate`, `fit: train`
 * @throws UsageError on those that a function gives: no message can hold one.
 */
export function copiedImages(place: string, images: Images): Uint8Array<ArrayBuffer> {
  if (typeof images !== "function") return images.slice();
  throw new UsageError(
    `${place}.images come from a source, which can't be sent to a worker. Give them in memory, or write a worker of ` +
      "your own over Model and browserPlatform, which makes its source itself.",
  );
}
