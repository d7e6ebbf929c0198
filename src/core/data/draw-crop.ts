import type { Shape } from "../layers/layer.js";
import { exp, log } from "../math/index.js";
import { type AugmentationConfig, usualRatio } from "./augmentation.js";
import { below, between, draws } from "./draws.js";

/** torchvision's RandomResizedCrop: as often it tries to find a part that fits, then it takes the middle. */
const attempts = 10;

/**
 * Draws the part of an image that is enlarged to the whole into four numbers at `at`, [left, top, width, height]: area
 * uniform in `crop`, width by height uniform in its logarithm in `ratio`, both sides rounded to whole pixels. Where
 * none of ten such fits, the largest in the middle whose ratio is allowed.
 *
 * @param imageShape [H, W, C]
 */
export function drawCrop(
  { crop: [least, greatest] = [1, 1], ratio = usualRatio }: AugmentationConfig,
  [height, width]: Shape,
  key: number,
  into: Float32Array,
  at: number,
): void {
  for (let attempt = 0; attempt < attempts; attempt++) {
    const draw = draws.cropSize + 2 * attempt;
    const area = height * width * between(key, draw, least, greatest);
    const aspect = exp(between(key, draw + 1, log(ratio[0]), log(ratio[1])));
    const wide = Math.round(Math.sqrt(area * aspect));
    const high = Math.round(Math.sqrt(area / aspect));
    if (wide < 1 || high < 1 || wide > width || high > height) continue;
    into[at] = below(key, draws.cropLeft, width - wide + 1);
    into[at + 1] = below(key, draws.cropTop, height - high + 1);
    into[at + 2] = wide;
    into[at + 3] = high;
    return;
  }
  const aspect = Math.min(Math.max(width / height, ratio[0]), ratio[1]);
  const wide = Math.max(1, Math.min(width, Math.round(height * aspect)));
  const high = Math.max(1, Math.min(height, Math.round(width / aspect)));
  into[at] = (width - wide) >> 1;
  into[at + 1] = (height - high) >> 1;
  into[at + 2] = wide;
  into[at + 3] = high;
}

/**
 * Lets the affine map of an image at `at` read its crop as it did the whole: what stood for pixel q of W stands for
 * l + (q + ½) · w / W − ½ of a crop of w pixels at l.
 *
 * @param crop four numbers at `cropAt`
 */
export function moveIntoCrop(
  affine: Float32Array,
  at: number,
  crop: Float32Array,
  cropAt: number,
  [height, width]: Shape,
): void {
  for (let axis = 0; axis < 2; axis++) {
    const row = at + 3 * axis;
    const share = crop[cropAt + 2 + axis] / (axis === 0 ? width : height);
    affine[row] *= share;
    affine[row + 1] *= share;
    affine[row + 2] = crop[cropAt + axis] + (affine[row + 2] + 0.5) * share - 0.5;
  }
}
