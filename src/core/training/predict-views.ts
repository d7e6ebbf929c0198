import { takenAway } from "../data/taken-away.js";
import { type Views, viewImages, viewsOf } from "../data/views.js";
import type { Shape } from "../layers/layer.js";
import type { Predict } from "./session.js";

/**
 * Probabilities, [N, classes], of images as bytes: their means over views where there are any, summed in double
 * precision in the order of the views.
 *
 * @param imageShape [H, W, C]
 * @throws UsageError where the images are taken away meanwhile
 */
export async function predictViews(
  predict: Predict,
  images: Uint8Array,
  imageShape: Shape,
  views: Views | undefined,
): Promise<Float32Array> {
  if (!views) return (await predict(images)).probabilities;
  const { length } = images;
  const seen = new Uint8Array(length);
  let sums: Float64Array | undefined;
  for (const view of viewsOf(views)) {
    if (images.length !== length) throw takenAway("predict's images", "read");
    viewImages(images, imageShape, view, seen);
    const { probabilities } = await predict(seen);
    sums ??= new Float64Array(probabilities.length);
    for (let at = 0; at < sums.length; at++) sums[at] += view.weight * probabilities[at];
  }
  return Float32Array.from(sums!);
}
