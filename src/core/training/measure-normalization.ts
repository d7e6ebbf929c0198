import type { Normalization } from "../data/dataset.js";
import { type Images, readImages } from "../data/image-reader.js";
import { PixelCounts } from "../data/normalization.js";
import type { Platform } from "../platform.js";
import { Turns } from "../turns.js";
import type { Architecture } from "./architecture.js";
import { imagesAtOnce } from "./images-at-once.js";
import type { Interruption } from "./interruption.js";

/**
 * One pass over the images that train: what `computeNormalization` gives. Nothing where it was interrupted.
 *
 * @param images of which these indices train
 */
export async function measureNormalization(
  images: Images,
  indices: Uint32Array,
  { inputShape, channels, imageSize }: Pick<Architecture, "inputShape" | "channels" | "imageSize">,
  platform: Platform,
  interruption: Interruption,
): Promise<Normalization | undefined> {
  const counts = new PixelCounts(channels);
  const turns = new Turns(platform);
  const reader = readImages(images, indices, {
    place: "fit: train.images",
    imageShape: inputShape,
    batch: imagesAtOnce(imageSize),
    platform,
  });
  try {
    for (;;) {
      const some = await interruption.orStopped(reader.next());
      if (!some || interruption.aborted) return undefined;
      if (some.length === 0) return counts.normalization();
      counts.add(some);
      await turns.pass();
    }
  } finally {
    await reader.close();
  }
}
