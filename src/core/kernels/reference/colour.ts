import { colourChange, greyWeights } from "../../data/batch-augmentation.js";

/**
 * Changes an image's colours in place, in double precision: the plain twin of the colour kernel, step by step as
 * torchvision does it.
 *
 * @param pixels [H · W, C] from 0 to 255, of one channel or three
 * @param colour pairs of a kind and an amount: see `BatchAugmentation`
 */
export function changeColour(pixels: Float64Array, channels: 1 | 3, colour: ArrayLike<number>): void {
  for (let pair = 0; pair < colour.length; pair += 2) {
    const [kind, amount] = [colour[pair], colour[pair + 1]];
    if (kind === colourChange.none) continue;
    const count = pixels.length / channels;
    const greys = Float64Array.from({ length: count }, (_, at) => greyOf(pixels, channels, at));
    const mean = greys.reduce((sum, grey) => sum + grey, 0) / count;
    for (let at = 0; at < count; at++) {
      const pixel = pixels.subarray(at * channels, (at + 1) * channels);
      if (kind === colourChange.hue) pixel.set(turnedHue(pixel, amount));
      const other = kind === colourChange.contrast ? mean : kind === colourChange.saturation ? greys[at] : 0;
      if (kind !== colourChange.hue)
        pixel.forEach((value, channel) => {
          pixel[channel] = amount * value + (1 - amount) * other;
        });
    }
    pixels.forEach((value, index) => {
      pixels[index] = Math.min(255, Math.max(0, value));
    });
  }
}

const greyOf = (pixels: Float64Array, channels: 1 | 3, at: number): number =>
  greyWeights[channels].reduce<number>(
    (sum, weight, channel) => sum + weight * pixels[at * channels + channel],
    0,
  );

/** By hue, saturation and value and back (Smith 1978). */
function turnedHue([red, green, blue]: Float64Array, turn: number): readonly [number, number, number] {
  const value = Math.max(red, green, blue);
  const chroma = value - Math.min(red, green, blue);
  if (chroma === 0) return [red, green, blue];
  const saturation = chroma / value;
  const sixths =
    value === red
      ? (green - blue) / chroma
      : value === green
        ? 2 + (blue - red) / chroma
        : 4 + (red - green) / chroma;
  const hue = (((sixths / 6 + turn) % 1) + 1) % 1;
  const sector = Math.floor(hue * 6);
  const rest = hue * 6 - sector;
  const p = value * (1 - saturation);
  const q = value * (1 - saturation * rest);
  const t = value * (1 - saturation * (1 - rest));
  const sectors = [
    [value, t, p],
    [q, value, p],
    [p, value, t],
    [p, q, value],
    [t, p, value],
    [value, p, q],
  ] as const;
  return sectors[sector % 6];
}
