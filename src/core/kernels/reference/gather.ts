import type { Normalization } from "../../data/dataset.js";
import type { Shape } from "../../layers/layer.js";

/**
 * What one image becomes before it enters the network, in double precision: the plain twin of the engine's
 * gather kernel.
 *
 * Output pixel (x, y) is the bilinear mean of the four pixels around (a·x + b·y + c, d·x + e·y + f), where
 * pixels beyond the border are 0; inside the erased rectangle it is the mean pixel; then it is normalized.
 * @param image [H, W, C] as bytes.
 * @param affine [a, b, c, d, e, f].
 * @param erase [left, top, width, height] in output pixels.
 * @returns [H, W, C].
 */
export function gatherImage(
  image: Uint8Array,
  shape: Shape,
  affine: ArrayLike<number>,
  erase: ArrayLike<number>,
  normalization: Normalization,
): Float64Array {
  const [height, width, channels] = shape;
  const output = new Float64Array(height * width * channels);
  const pixel = (x: number, y: number, channel: number): number =>
    x >= 0 && x < width && y >= 0 && y < height ? image[(y * width + x) * channels + channel] : 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (isErased(x, y, erase)) continue;
      const sourceX = affine[0] * x + affine[1] * y + affine[2];
      const sourceY = affine[3] * x + affine[4] * y + affine[5];
      const left = Math.floor(sourceX);
      const top = Math.floor(sourceY);
      const rightShare = sourceX - left;
      const lowerShare = sourceY - top;
      for (let channel = 0; channel < channels; channel++) {
        const upper =
          (1 - rightShare) * pixel(left, top, channel) + rightShare * pixel(left + 1, top, channel);
        const lower =
          (1 - rightShare) * pixel(left, top + 1, channel) + rightShare * pixel(left + 1, top + 1, channel);
        const value = (1 - lowerShare) * upper + lowerShare * lower;
        output[(y * width + x) * channels + channel] =
          (value / 255 - normalization.mean[channel]) / normalization.deviation[channel];
      }
    }
  }
  return output;
}

/** An erased pixel keeps the 0 that the mean pixel is normalized to. */
function isErased(x: number, y: number, erase: ArrayLike<number>): boolean {
  const [left, top, width, height] = [erase[0], erase[1], erase[2], erase[3]];
  return x >= left && x < left + width && y >= top && y < top + height;
}
