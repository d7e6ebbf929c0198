import type { BatchMixing } from "../../data/mix-batch.js";

/**
 * Mixup, λ · x + (1 − λ) · x of the partner (Zhang et al. 2018), or CutMix, the partner's pixels within a box (Yun et
 * al. 2019).
 * @param images [N, H, W, C] @param shape [H, W, C]
 */
export function mixImages(
  images: Float64Array,
  [height, width, channels]: readonly number[],
  { partners, share, box }: BatchMixing,
): Float64Array {
  const size = height * width * channels;
  return images.map((own, at) => {
    const pixel = Math.floor((at % size) / channels);
    const [x, y] = [pixel % width, Math.floor(pixel / width)];
    const other = images[partners[Math.floor(at / size)] * size + (at % size)];
    if (!box) return share * own + (1 - share) * other;
    const [left, top, boxWidth, boxHeight] = box;
    return x >= left && x < left + boxWidth && y >= top && y < top + boxHeight ? other : own;
  });
}
