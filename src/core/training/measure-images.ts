import type { Normalization } from "../data/dataset.js";
import { type Images, readImages } from "../data/image-reader.js";
import { PixelCounts } from "../data/normalization.js";
import type { PatchMoments } from "../data/whitening.js";
import type { Platform } from "../platform.js";
import { Turns } from "../turns.js";
import type { Architecture } from "./architecture.js";
import { imagesAtOnce } from "./images-at-once.js";
import type { Interruption } from "./interruption.js";

/** What a training wants to know of the images that train before its first step. */
export interface ToMeasure {
  /** Whether mean and deviation of each channel, of all of them. */
  readonly normalization: boolean;
  /** What is added up of the first of them, as many as each wants. */
  readonly moments: readonly PatchMoments[];
}

/**
 * One pass over the images that train, or over the first of them where that will do: what `computeNormalization` gives,
 * where that is wanted, and the moments filled in. Nothing where it was interrupted.
 *
 * @param images of which these indices train
 */
export async function measureImages(
  images: Images,
  indices: Uint32Array,
  { normalization, moments }: ToMeasure,
  { inputShape, channels, imageSize }: Pick<Architecture, "inputShape" | "channels" | "imageSize">,
  platform: Platform,
  interruption: Interruption,
): Promise<{ readonly normalization?: Normalization } | undefined> {
  const counts = new PixelCounts(channels);
  const turns = new Turns(platform);
  const wanted = Math.max(...moments.map((each) => each.wanted));
  const reader = readImages(images, normalization ? indices : indices.subarray(0, wanted), {
    place: "fit: train.images",
    imageShape: inputShape,
    batch: imagesAtOnce(imageSize),
    platform,
  });
  try {
    for (;;) {
      const some = await interruption.orStopped(reader.next());
      if (!some || interruption.aborted) return undefined;
      if (some.length === 0) return normalization ? { normalization: counts.normalization() } : {};
      if (normalization) counts.add(some);
      for (const each of moments) each.add(some);
      await turns.pass();
    }
  } finally {
    await reader.close();
  }
}
