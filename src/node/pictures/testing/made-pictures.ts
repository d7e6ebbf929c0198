import sharp, { type Sharp } from "sharp";

/** Sides of `colours`, pixels. */
export const madeSides = { width: 48, height: 32 } as const;

/** Red grows to the right, green downwards, blue is the same everywhere: each corner has a colour of its own. */
export function colours({
  width,
  height,
}: {
  readonly width: number;
  readonly height: number;
} = madeSides): Uint8Array {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      data[at] = Math.round((255 * (x + 0.5)) / width);
      data[at + 1] = Math.round((255 * (y + 0.5)) / height);
      data[at + 2] = 90;
    }
  }
  return data;
}

/** A picture to encode, of `colours` where nothing else is given. */
export function made(
  data: Uint8Array = colours(),
  sides: { width: number; height: number } = madeSides,
): Sharp {
  return sharp(data, { raw: { ...sides, channels: 3 } });
}

/** A picture of one colour, as a PNG: many of them are told apart by their numbers. */
export function plainPng(red: number, green = red, blue = red, side = 8): Promise<Buffer> {
  return sharp({
    create: { width: side, height: side, channels: 3, background: { r: red, g: green, b: blue } },
  })
    .png()
    .toBuffer();
}

/** The most that two images differ in any byte. */
export function furthest(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  return a.reduce((most, value, at) => Math.max(most, Math.abs(value - b[at])), 0);
}
