import type { Normalization } from "../../data/dataset.js";
import type { Shape } from "../../layers/layer.js";
import { changeColour } from "./colour.js";

/** How one image is varied: see `BatchAugmentation`. */
export interface ImageAugmentation {
  /** [a, b, c, d, e, f]. */
  readonly affine: ArrayLike<number>;
  /** [left, top, width, height] in output pixels. */
  readonly erase: ArrayLike<number>;
  readonly reflect?: boolean;
  /** [left, top, width, height] in input pixels. */
  readonly crop?: ArrayLike<number>;
  /** Pairs of a kind and an amount. */
  readonly colour?: ArrayLike<number>;
}

/**
 * What one image becomes before it enters the network, in double precision: the plain twin of the engine's
 * gather kernel.
 *
 * Output pixel (x, y) is the bilinear mean of the four pixels around (a·x + b·y + c, d·x + e·y + f), where
 * pixels beyond the border are 0; its colours are changed; inside the erased rectangle it is the mean pixel; then it
 * is normalized.
 * @param image [H, W, C] as bytes.
 * @returns [H, W, C].
 */
export function gatherImage(
  image: Uint8Array,
  shape: Shape,
  { affine, erase, reflect = false, crop, colour }: ImageAugmentation,
  normalization: Normalization,
): Float64Array {
  const [height, width, channels] = shape;
  const output = new Float64Array(height * width * channels);
  const pixel = (x: number, y: number, channel: number): number =>
    x >= 0 && x < width && y >= 0 && y < height ? image[(y * width + x) * channels + channel] : 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sourceX = placeOn(0, width, affine[0] * x + affine[1] * y + affine[2], reflect, crop);
      const sourceY = placeOn(1, height, affine[3] * x + affine[4] * y + affine[5], reflect, crop);
      if (sourceX === undefined || sourceY === undefined) continue;
      const left = Math.floor(sourceX);
      const top = Math.floor(sourceY);
      const rightShare = sourceX - left;
      const lowerShare = sourceY - top;
      for (let channel = 0; channel < channels; channel++) {
        const upper =
          (1 - rightShare) * pixel(left, top, channel) + rightShare * pixel(left + 1, top, channel);
        const lower =
          (1 - rightShare) * pixel(left, top + 1, channel) + rightShare * pixel(left + 1, top + 1, channel);
        output[(y * width + x) * channels + channel] = (1 - lowerShare) * upper + lowerShare * lower;
      }
    }
  }
  if (colour && (channels === 1 || channels === 3)) changeColour(output, channels, colour);
  const { mean, deviation } = normalization;
  return output.map((value, at) => {
    const place = Math.floor(at / channels);
    if (isErased(place % width, Math.floor(place / width), erase)) return 0;
    return (value / 255 - mean[at % channels]) / deviation[at % channels];
  });
}

/** Where a place is read on one axis; nowhere outside of a crop. */
function placeOn(
  axis: 0 | 1,
  size: number,
  given: number,
  reflect: boolean,
  crop: ArrayLike<number> | undefined,
): number | undefined {
  const [first, count] = crop ? [crop[axis], crop[axis + 2]] : [0, size];
  let place = given;
  if (reflect) {
    // Where the outermost pixels of the output read.
    const [low, high] = [0, size - 1].map((pixel) => first + ((pixel + 0.5) * count) / size - 0.5);
    while (place < low || place > high) place = place < low ? 2 * low - place : 2 * high - place;
  }
  if (!crop) return place;
  if (place < first - 0.5 || place >= first + count - 0.5) return undefined;
  return Math.min(Math.max(place, first), first + count - 1);
}

/** An erased pixel keeps the 0 that the mean pixel is normalized to. */
function isErased(x: number, y: number, erase: ArrayLike<number>): boolean {
  const [left, top, width, height] = [erase[0], erase[1], erase[2], erase[3]];
  return x >= left && x < left + width && y >= top && y < top + height;
}
