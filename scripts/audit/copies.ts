import { createRandom, permutation } from "#heddle/core/random.js";

/** A way in which a picture comes to be in a data set twice, for a square grey image of `side` pixels. */
export interface Change {
  readonly name: string;
  apply(pixels: Uint8Array, side: number, seed: number): Uint8Array;
}

const clamped = (length: number, value: (at: number) => number): Uint8Array =>
  new Uint8Array(Uint8ClampedArray.from({ length }, (_, at) => value(at)).buffer);

/** The luminance table of the JPEG standard (ITU-T T.81, Annex K), row by row. */
const quantization = [
  16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22,
  29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103,
  121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99,
];

const cosine = Float64Array.from({ length: 64 }, (_, at) => {
  const [term, place] = [at >> 3, at & 7];
  return Math.sqrt((term === 0 ? 1 : 2) / 8) * Math.cos((Math.PI * term * (place + 0.5)) / 8);
});

/** What JPEG at a quality below or at 50 makes of grey pixels: blocks of cosines, rounded to multiples of the table. */
function recompressed(pixels: Uint8Array, side: number, quality: number): Uint8Array {
  const steps = quantization.map((step) => Math.max(1, Math.floor(((5000 / quality) * step + 50) / 100)));
  const blocks = Math.ceil(side / 8);
  const out = new Float64Array(side * side);
  const inside = (value: number): number => Math.min(side - 1, value);
  for (let block = 0; block < blocks * blocks; block++) {
    const [top, left] = [8 * Math.floor(block / blocks), 8 * (block % blocks)];
    const terms = new Float64Array(64);
    for (let term = 0; term < 64; term++) {
      for (let at = 0; at < 64; at++) {
        const pixel = pixels[inside(top + (at >> 3)) * side + inside(left + (at & 7))] - 128;
        terms[term] += cosine[(term & ~7) + (at >> 3)] * cosine[8 * (term & 7) + (at & 7)] * pixel;
      }
      terms[term] = Math.round(terms[term] / steps[term]) * steps[term];
    }
    for (let at = 0; at < 64; at++) {
      const [row, column] = [top + (at >> 3), left + (at & 7)];
      if (row >= side || column >= side) continue;
      let sum = 128;
      for (let term = 0; term < 64; term++)
        sum += cosine[(term & ~7) + (at >> 3)] * cosine[8 * (term & 7) + (at & 7)] * terms[term];
      out[row * side + column] = sum;
    }
  }
  return clamped(out.length, (at) => out[at]);
}

/** A margin cut off all around, and the rest drawn as large as before. */
function cropped(pixels: Uint8Array, side: number, share: number): Uint8Array {
  const scale = 1 - 2 * share;
  const from = (place: number): [number, number] => {
    const at = Math.max(0, Math.min(side - 1, (place + 0.5) * scale + share * side - 0.5));
    return [Math.floor(at), at - Math.floor(at)];
  };
  return clamped(side * side, (at) => {
    const [row, down] = from(Math.floor(at / side));
    const [column, across] = from(at % side);
    const [below, right] = [Math.min(side - 1, row + 1), Math.min(side - 1, column + 1)];
    const above = pixels[row * side + column] * (1 - across) + pixels[row * side + right] * across;
    const under = pixels[below * side + column] * (1 - across) + pixels[below * side + right] * across;
    return above * (1 - down) + under * down;
  });
}

export const changes: readonly Change[] = [
  { name: "the same bytes", apply: (pixels) => pixels.slice() },
  { name: "JPEG of quality 50", apply: (pixels, side) => recompressed(pixels, side, 50) },
  { name: "JPEG of quality 30", apply: (pixels, side) => recompressed(pixels, side, 30) },
  {
    name: "a fifth less contrast, 25 levels brighter",
    apply: (pixels) => clamped(pixels.length, (at) => 0.8 * pixels[at] + 25),
  },
  {
    name: "a quarter brighter, cut off at white",
    apply: (pixels) => clamped(pixels.length, (at) => 1.25 * pixels[at]),
  },
  {
    name: "noise of 4 levels",
    apply(pixels, _side, seed) {
      const random = createRandom(seed);
      return clamped(pixels.length, (at) => pixels[at] + 4 * random.normal());
    },
  },
  { name: "2 % cut off at each side", apply: (pixels, side) => cropped(pixels, side, 0.02) },
  {
    name: "a pixel to the right",
    apply: (pixels, side) => pixels.map((_, at) => (at % side === 0 ? pixels[at] : pixels[at - 1])),
  },
  {
    name: "the mirror image",
    apply: (pixels, side) => pixels.map((_, at) => pixels[at - (at % side) + side - 1 - (at % side)]),
  },
];

/** Images with changed copies of some behind them, and which was copied how. */
export function plantCopies(images: Uint8Array, side: number, each: number) {
  const size = side * side;
  const count = images.length / size;
  const order = permutation(count, createRandom(0x434f5059)).subarray(0, each * changes.length);
  const all = new Uint8Array(images.length + order.length * size);
  all.set(images);
  const copies = Array.from(order, (original, index) => {
    const change = changes[Math.floor(index / each)];
    const copy = change.apply(images.subarray(original * size, (original + 1) * size), side, index);
    all.set(copy, images.length + index * size);
    return { original, copy: count + index, change: change.name };
  });
  return { images: all, count: count + order.length, copies };
}
