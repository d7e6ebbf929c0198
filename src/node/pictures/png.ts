import { inflateSync } from "node:zlib";
import { PictureError } from "./picture-error.js";
import { checkPixels } from "./picture-format.js";
import { pngChunks } from "./png-chunks.js";
import type { RgbPicture } from "./resample.js";

interface Header {
  readonly width: number;
  readonly height: number;
  /** Bits a sample. */
  readonly depth: number;
  readonly colour: number;
  readonly interlaced: boolean;
}

/** By colour type: samples a pixel, and which depths are allowed. */
const colourTypes: Readonly<
  Record<number, { readonly samples: number; readonly depths: readonly number[] }>
> = {
  0: { samples: 1, depths: [1, 2, 4, 8, 16] },
  2: { samples: 3, depths: [8, 16] },
  3: { samples: 1, depths: [1, 2, 4, 8] },
  4: { samples: 2, depths: [8, 16] },
  6: { samples: 4, depths: [8, 16] },
};

/** Adam7: first column and row, and steps, of each of the passes. */
const passes = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/**
 * Decodes a PNG (W3C, third edition) of any colour type and depth, interlaced or not, over a background. Other chunks
 * than those that make the pixels are not looked at, and no more is inflated than the header speaks of.
 *
 * @throws PictureError where it is damaged, cut off, or larger than allowed
 */
export function decodePng(bytes: Uint8Array, background: number, mostPixels?: number): RgbPicture {
  const chunks = pngChunks(bytes);
  const header = readHeader(chunks.header);
  const { width, height } = header;
  checkPixels(width, height, mostPixels);
  const samples = colourTypes[header.colour].samples;
  const parts = header.interlaced ? passes.map((pass) => pass) : [[0, 0, 1, 1] as const];
  const sizes = parts.map(([x, y, dx, dy]) => ({
    columns: Math.max(0, Math.ceil((width - x) / dx)),
    rows: Math.max(0, Math.ceil((height - y) / dy)),
  }));
  const rowBytes = (columns: number): number => Math.ceil((columns * samples * header.depth) / 8);
  const expected = sizes.reduce(
    (sum, { columns, rows }) => sum + (columns > 0 ? rows * (rowBytes(columns) + 1) : 0),
    0,
  );
  const content = inflatePixels(chunks.data, expected);
  const data = new Uint8Array(width * height * 3);
  const write = pixelWriter(header, chunks, background);
  const pixelBytes = Math.max(1, (samples * header.depth) / 8);
  let at = 0;
  for (const [index, [x0, y0, dx, dy]] of parts.entries()) {
    const { columns, rows } = sizes[index];
    if (columns === 0) continue;
    const length = rowBytes(columns);
    let above: Uint8Array = new Uint8Array(length);
    for (let row = 0; row < rows; row++, at += length + 1) {
      const line = content.subarray(at + 1, at + 1 + length);
      unfilter(content[at], line, above, pixelBytes);
      for (let column = 0; column < columns; column++) {
        write(line, column, data, ((y0 + row * dy) * width + x0 + column * dx) * 3);
      }
      above = line;
    }
  }
  return { width, height, data };
}

function readHeader(header: Uint8Array): Header {
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const [width, height] = [view.getUint32(0), view.getUint32(4)];
  const [depth, colour, compression, filter, interlace] = header.subarray(8);
  const known = colourTypes[colour]?.depths.includes(depth);
  if (width === 0 || height === 0 || !known || compression !== 0 || filter !== 0 || interlace > 1) {
    throw new PictureError("it is a damaged PNG: its header says what no PNG can be");
  }
  return { width, height, depth, colour, interlaced: interlace === 1 };
}

function inflatePixels(data: readonly Uint8Array[], expected: number): Uint8Array {
  let content: Uint8Array;
  try {
    content = inflateSync(Buffer.concat(data), { maxOutputLength: expected });
  } catch (cause) {
    throw new PictureError("it is a damaged PNG: its pixels can't be unpacked", { cause });
  }
  if (content.length < expected) throw new PictureError("it is cut off: it has fewer pixels than it says");
  return content;
}

/** Undoes a row's filter in place. */
function unfilter(type: number, line: Uint8Array, above: Uint8Array, pixelBytes: number): void {
  const left = (at: number): number => (at < pixelBytes ? 0 : line[at - pixelBytes]);
  if (type === 1) {
    for (let at = pixelBytes; at < line.length; at++) line[at] += line[at - pixelBytes];
  } else if (type === 2) {
    for (let at = 0; at < line.length; at++) line[at] += above[at];
  } else if (type === 3) {
    for (let at = 0; at < line.length; at++) line[at] += (left(at) + above[at]) >> 1;
  } else if (type === 4) {
    for (let at = 0; at < line.length; at++) {
      const corner = at < pixelBytes ? 0 : above[at - pixelBytes];
      line[at] += nearestOf(left(at), above[at], corner);
    }
  } else if (type !== 0) {
    throw new PictureError("it is a damaged PNG: a row has a filter that doesn't exist");
  }
}

/** Paeth's predictor. */
function nearestOf(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [toLeft, toAbove, toCorner] = [
    Math.abs(guess - left),
    Math.abs(guess - above),
    Math.abs(guess - corner),
  ];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}

type PixelWriter = (line: Uint8Array, column: number, data: Uint8Array, to: number) => void;

/** Makes red, green and blue of a pixel's samples; of 16 bits the upper 8 count. */
function pixelWriter(
  { depth, colour }: Header,
  { palette, transparency }: { readonly palette?: Uint8Array; readonly transparency?: Uint8Array },
  background: number,
): PixelWriter {
  const over = (value: number, alpha: number): number =>
    alpha === 255 ? value : Math.round((value * alpha + background * (255 - alpha)) / 255);
  const bytes = depth === 16 ? 2 : 1;
  const whole = (line: Uint8Array, at: number): number =>
    depth === 16 ? line[2 * at] * 256 + line[2 * at + 1] : line[at];
  const top = 2 ** depth - 1;
  const packed = (line: Uint8Array, column: number): number =>
    (line[(column * depth) >> 3] >> (8 - depth - ((column * depth) & 7))) & top;
  const sample = depth < 8 ? packed : whole;
  /** The one colour that is transparent. */
  const keyed = (samples: number): readonly number[] | undefined =>
    transparency && transparency.length >= 2 * samples
      ? Array.from(
          { length: samples },
          (_, at) => (transparency[2 * at] * 256 + transparency[2 * at + 1]) & top,
        )
      : undefined;
  if (colour === 3) {
    if (!palette) throw new PictureError("it is a damaged PNG: its palette is missing");
    return (line, column, data, to) => {
      const entry = sample(line, column);
      if (entry * 3 + 2 >= palette.length) {
        throw new PictureError("it is a damaged PNG: a pixel has a colour that its palette lacks");
      }
      const alpha = transparency?.[entry] ?? 255;
      for (let at = 0; at < 3; at++) data[to + at] = over(palette[entry * 3 + at], alpha);
    };
  }
  if (colour === 0) {
    const key = keyed(1)?.[0];
    const scale = depth < 8 ? 255 / top : 1 / (bytes === 2 ? 256 : 1);
    return (line, column, data, to) => {
      const value = sample(line, column);
      data.fill(value === key ? background : value * scale, to, to + 3);
    };
  }
  if (colour === 2) {
    const key = keyed(3);
    return (line, column, data, to) => {
      const clear = key?.every((value, at) => value === whole(line, column * 3 + at));
      for (let at = 0; at < 3; at++) data[to + at] = clear ? background : line[(column * 3 + at) * bytes];
    };
  }
  const samples = colourTypes[colour].samples;
  return (line, column, data, to) => {
    const pixel = column * samples * bytes;
    const alpha = line[pixel + (samples - 1) * bytes];
    for (let at = 0; at < 3; at++)
      data[to + at] = over(line[pixel + (samples === 4 ? at : 0) * bytes], alpha);
  };
}
