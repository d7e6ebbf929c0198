import type { Thumbnails } from "./thumbnails.js";

/**
 * How far apart two images are in their details: 1 − r, r the correlation of their gradients, the differences of
 * neighbouring pixels in both directions and all channels, where they lie best on each other. 0 for the same image in
 * any brightness or contrast, about 1 for two that have nothing in common. What two images of one kind share is in
 * their broad shapes; their details tell them apart.
 *
 * The second image is tried where it is and moved by the whole pixels, 1 at most, that a step of Lucas and Kanade (1981)
 * takes it to the first. Some 81 of the pixels say whether the two are near at all; a distance beyond `farApart` is
 * left at that.
 */
export function detailDistance(images: Thumbnails, first: number, second: number, mirrored: boolean): number {
  const pair = { images, first, second, mirrored };
  const stride = Math.max(1, Math.floor(Math.min(images.shape[0], images.shape[1]) / 9));
  const rough = best(pair, compare(pair, { down: 0, across: 0 }, stride), stride);
  if (stride === 1 || rough.distance > farApart) return rough.distance;
  return best(pair, compare(pair, rough.at, 1), 1).distance;
}

/** From here on a distance is an estimate. */
const farApart = 0.4;

interface Pair {
  readonly images: Thumbnails;
  readonly first: number;
  readonly second: number;
  readonly mirrored: boolean;
}

/** Pixels, −1 … 1, by which the second image is moved. */
interface Move {
  readonly down: number;
  readonly across: number;
}

interface Comparison {
  readonly distance: number;
  readonly at: Move;
  /** Where the second image should lie. */
  readonly better: Move;
}

/** The better one of a comparison and the one that it points to. */
function best(pair: Pair, here: Comparison, stride: number): Comparison {
  const { at, better } = here;
  if (better.down === at.down && better.across === at.across) return here;
  const there = compare(pair, better, stride);
  return there.distance < here.distance ? there : here;
}

function compare({ images, first, second, mirrored }: Pair, at: Move, stride: number): Comparison {
  const { shape, pixels } = images;
  const { down, across } = at;
  const [height, width, channels] = shape;
  const line = width * channels;
  const a = first * height * line;
  const b = second * height * line;
  // Pixel (y, x) of the first image lies on (y + down, x + across) of the second, in the mirror where asked.
  const [top, bottom] = [Math.max(0, -down), Math.min(height, height - down) - 1];
  const [left, right] = [Math.max(0, -across), Math.min(width, width - across) - 1];
  const step = mirrored ? -channels : channels;
  const origin = mirrored ? (width - 1) * channels : 0;
  let products = 0;
  let firstSquares = 0;
  let secondSquares = 0;
  let [yy, xx, yx, yd, xd] = [0, 0, 0, 0, 0];
  let [offset, gradients, gradientsDown, points] = [0, 0, 0, 0];
  for (let y = top; y < bottom; y += stride) {
    for (let x = left; x < right; x += stride) {
      const atFirst = a + y * line + x * channels;
      const atSecond = b + (y + down) * line + origin + (x + across) * step;
      for (let channel = 0; channel < channels; channel++) {
        const p = pixels[atFirst + channel];
        const q = pixels[atSecond + channel];
        const px = pixels[atFirst + channels + channel] - p;
        const py = pixels[atFirst + line + channel] - p;
        const qx = pixels[atSecond + step + channel] - q;
        const qy = pixels[atSecond + line + channel] - q;
        products += px * qx + py * qy;
        firstSquares += px * px + py * py;
        secondSquares += qx * qx + qy * qy;
        const d = p - q;
        yy += qy * qy;
        xx += qx * qx;
        yx += qy * qx;
        yd += qy * d;
        xd += qx * d;
        offset += d;
        gradients += qx;
        gradientsDown += qy;
        points++;
      }
    }
  }
  const length = Math.sqrt(firstSquares * secondSquares);
  if (length === 0) return { distance: 1, at, better: at };
  // Least squares of d = qy · down + qx · across + c: the difference in brightness is left out.
  const mean = offset / points;
  yd -= mean * gradientsDown;
  xd -= mean * gradients;
  yy -= (gradientsDown * gradientsDown) / points;
  xx -= (gradients * gradients) / points;
  yx -= (gradientsDown * gradients) / points;
  const determinant = yy * xx - yx * yx;
  const steps = determinant > 1e-9 * yy * xx;
  return {
    distance: Math.max(0, 1 - products / length),
    at,
    better: {
      down: moved(down, steps ? (yd * xx - xd * yx) / determinant : 0),
      across: moved(across, steps ? (xd * yy - yd * yx) / determinant : 0),
    },
  };
}

/** A pixel further where at least a third of one is asked for: a shift is underestimated where details are fine. */
const moved = (from: number, pixels: number): number =>
  Math.abs(pixels) < 1 / 3 ? from : Math.max(-1, Math.min(1, from + Math.sign(pixels)));
