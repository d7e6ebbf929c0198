import type { Normalization } from "../data/dataset.js";
import { readImages } from "../data/image-reader.js";
import { PixelCounts } from "../data/normalization.js";
import { Turns } from "../turns.js";
import { imagesAtOnce } from "./images-at-once.js";
import type { Interruption } from "./interruption.js";
import type { TrainingSetup } from "./training.js";

/** One pass over the images that train: what `computeNormalization` gives. Nothing where it was interrupted. */
export async function measureNormalization(
  { architecture, plan, platform }: Pick<TrainingSetup, "architecture" | "plan" | "platform">,
  interruption: Interruption,
): Promise<Normalization | undefined> {
  const { inputShape: imageShape, channels, imageSize } = architecture;
  const counts = new PixelCounts(channels);
  const turns = new Turns(platform);
  const options = { place: "fit: train.images", imageShape, batch: imagesAtOnce(imageSize), platform };
  const reader = readImages(plan.data.train.images, plan.split.train, options);
  try {
    for (;;) {
      const images = await interruption.orStopped(reader.next());
      if (!images || interruption.aborted) return undefined;
      if (images.length === 0) return counts.normalization();
      counts.add(images);
      await turns.pass();
    }
  } finally {
    await reader.close();
  }
}
