import type { Shape } from "../layers/layer.js";
import { type AugmentationConfig, usualRatio } from "./augmentation.js";
import { below, between, draws } from "./draws.js";

/** A part of an image, whole pixels. */
export interface Crop {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** torchvision's RandomResizedCrop: as often it tries to find a part that fits, then it takes the middle. */
const attempts = 10;

/**
 * The part of an image that is enlarged to the whole: area uniform in `crop`, width by height uniform in its
 * logarithm in `ratio`, both rounded to whole pixels. Where none of ten such fits, the largest in the middle whose
 * ratio is allowed.
 *
 * @param imageShape [H, W, C]
 */
export function drawCrop(
  { crop, ratio = usualRatio }: AugmentationConfig,
  [height, width]: Shape,
  key: number,
): Crop {
  if (!crop) return { left: 0, top: 0, width, height };
  for (let attempt = 0; attempt < attempts; attempt++) {
    const draw = draws.cropSize + 2 * attempt;
    const area = height * width * between(key, draw, crop[0], crop[1]);
    const aspect = Math.exp(between(key, draw + 1, Math.log(ratio[0]), Math.log(ratio[1])));
    const wide = Math.round(Math.sqrt(area * aspect));
    const high = Math.round(Math.sqrt(area / aspect));
    if (wide < 1 || high < 1 || wide > width || high > height) continue;
    return {
      left: below(key, draws.cropLeft, width - wide + 1),
      top: below(key, draws.cropTop, height - high + 1),
      width: wide,
      height: high,
    };
  }
  const aspect = Math.min(Math.max(width / height, ratio[0]), ratio[1]);
  const wide = Math.max(1, Math.min(width, Math.round(height * aspect)));
  const high = Math.max(1, Math.min(height, Math.round(width / aspect)));
  return { left: (width - wide) >> 1, top: (height - high) >> 1, width: wide, height: high };
}
