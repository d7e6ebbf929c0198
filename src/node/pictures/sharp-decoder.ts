import type { Sharp, SharpOptions } from "sharp";
import { type PlacedPicture, placedPicture } from "../../core/data/pictures/frame.js";
import type { Placement } from "../../core/data/pictures/placement.js";
import { HeddleError } from "../../core/errors.js";
import { PictureError } from "./picture-error.js";
import { checkPixels, type PictureFormat } from "./picture-format.js";

declare const decoder: unique symbol;

/** The package sharp. Declarations name none of its types: it may not be installed. */
export interface SharpDecoder {
  readonly [decoder]: true;
}

let loading: Promise<SharpDecoder | undefined> | undefined;

/** Loads sharp when the first picture is read; undefined where it isn't installed or has nothing for this system. */
export function loadSharp(): Promise<SharpDecoder | undefined> {
  loading ??= import("sharp").then(
    (module) => module.default as unknown as SharpDecoder,
    () => undefined,
  );
  return loading;
}

/** What decodes here: pictures may come out a little otherwise with another. */
export async function decoderVersion(): Promise<string> {
  if (!(await loadSharp())) return "png";
  const { versions } = (await import("sharp")).default;
  return `sharp ${versions.sharp}, libvips ${versions.vips}`;
}

/** What to say where a format needs sharp and it isn't there. */
export const needsSharp = (format: PictureFormat): HeddleError =>
  new HeddleError(
    `${format} pictures are read by the package sharp, which isn't installed here or can't be loaded. Install it with \`npm install sharp\`, or convert the pictures to PNG, which is read without it.`,
  );

/** The sides that a picture has when it is the right way up. */
interface Sides {
  readonly width: number;
  readonly height: number;
}

/** By sharp's words for what it finds in a file. */
const formats: Readonly<Record<PictureFormat, string>> = {
  JPEG: "jpeg",
  PNG: "png",
  WebP: "webp",
  AVIF: "heif",
};

/**
 * Decodes with sharp, on its own threads: the right way up, in sRGB, over the background, 8 bits.
 *
 * @param place says from a picture's sides where it goes; a frame's other pixels are the caller's
 * @param mostPixels that it may say it has, where that is less than for all
 * @throws PictureError where it is damaged, cut off, or larger than allowed
 */
export async function decodeWithSharp(
  sharp: SharpDecoder,
  bytes: Uint8Array,
  format: PictureFormat,
  background: number,
  place: (sides: Sides) => Placement,
  mostPixels?: number,
): Promise<PlacedPicture> {
  // What lies behind a decoder's smaller complaints is a whole picture all the same. Pixels are counted below, in words.
  const options: SharpOptions = { failOn: "error", limitInputPixels: false, autoOrient: true };
  try {
    const read = (sharp as unknown as typeof import("sharp").default)(bytes, options);
    const about = await read.metadata();
    if (about.format !== formats[format] || (format === "AVIF" && about.compression !== "av1")) {
      throw new PictureError(`it begins as ${format} and goes on as something else`);
    }
    const sides = about.autoOrient;
    checkPixels(sides.width, sides.height, mostPixels);
    const placed = place(sides);
    const enlarged = placed.width > placed.box.width || placed.height > placed.box.height;
    const { data, info } = await (enlarged ? read : shrunk(read, sides, placed))
      .flatten({ background: { r: background, g: background, b: background } })
      .toColourspace("srgb")
      .raw({ depth: "uchar" })
      .toBuffer({ resolveWithObject: true });
    const picture = { width: info.width, height: info.height, data: inColour(data, info.channels) };
    // libvips enlarges by other means, a part of a pixel aside.
    return enlarged ? placedPicture(picture, placed) : { ...picture, placed };
  } catch (cause) {
    if (cause instanceof HeddleError) throw cause;
    // What libvips says of it may be of another: it keeps its complaints for the whole process.
    throw new PictureError(`it is a damaged ${format} or cut off`, { cause });
  }
}

/** A picture whose scaled whole is this much larger than its frame is cut before it is scaled. */
const mostBeside = 4;

function shrunk(read: Sharp, sides: Sides, { box, width, height }: Placement): Sharp {
  const resize = { width, height, kernel: "linear", fastShrinkOnLoad: false } as const;
  const whole = box.width === sides.width && box.height === sides.height;
  if (whole) return read.resize({ ...resize, fit: "fill" });
  // A JPEG that isn't cut first can be decoded at a smaller scale.
  if (sides.width <= box.width * mostBeside && sides.height <= box.height * mostBeside) {
    return read.resize({ ...resize, fit: "cover" });
  }
  const [left, top] = [Math.max(0, Math.round(box.left)), Math.max(0, Math.round(box.top))];
  const middle = {
    left,
    top,
    width: Math.max(1, Math.min(sides.width - left, Math.round(box.width))),
    height: Math.max(1, Math.min(sides.height - top, Math.round(box.height))),
  };
  return read.extract(middle).resize({ ...resize, fit: "fill" });
}

/** [N, channels] as [N, 3]; grey stands in all three. */
function inColour(data: Uint8Array, channels: number): Uint8Array {
  if (channels === 3) return data;
  const pixels = new Uint8Array((data.length / channels) * 3);
  for (let from = 0, to = 0; to < pixels.length; from += channels, to += 3) {
    pixels[to] = data[from];
    pixels[to + 1] = data[channels > 2 ? from + 1 : from];
    pixels[to + 2] = data[channels > 2 ? from + 2 : from];
  }
  return pixels;
}
