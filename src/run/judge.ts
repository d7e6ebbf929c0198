import type { ImageSet } from "../core/data/dataset.js";
import { readImages } from "../core/data/image-reader.js";
import type { WeightsKind } from "../core/engine/network.js";
import { shapeSize } from "../core/layers/shape.js";
import { type Evaluation, evaluate } from "../core/metrics/evaluation.js";
import type { Platform } from "../core/platform.js";
import { imagesAtOnce } from "../core/training/images-at-once.js";
import type { Model } from "../core/training/model.js";

/** Judges a model as `model.evaluate` does, but stops where it is told to: then there is no judgement. */
export async function judge(
  model: Model,
  { count, images, labels }: ImageSet,
  {
    platform,
    signal,
    weights,
  }: {
    readonly platform: Platform;
    readonly signal?: { readonly aborted: boolean };
    readonly weights?: WeightsKind;
  },
): Promise<Evaluation | undefined> {
  const { inputShape: imageShape, classes } = model;
  const size = shapeSize(imageShape);
  const all = Uint32Array.from({ length: count }, (_, index) => index);
  const probabilities = new Float32Array(count * classes);
  const batch = imagesAtOnce(size);
  const reader = readImages(images, all, { place: "test.images", imageShape, batch, platform });
  try {
    for (let done = 0; done < count; ) {
      if (signal?.aborted) return undefined;
      const some = await reader.next();
      probabilities.set(await model.predict(some, { weights }), done * classes);
      done += some.length / size;
      await platform.yield();
    }
  } finally {
    await reader.close();
  }
  return signal?.aborted ? undefined : evaluate(probabilities, labels, model.classNames);
}
