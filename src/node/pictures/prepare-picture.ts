import type { PicturePreparation } from "../../core/data/picture-preparation.js";
import { resolveOptions } from "../../core/options/index.js";
import { exifOrientation, upright } from "./orientation.js";
import { checkBytes, pictureFormat } from "./picture-format.js";
import { preparationOptions } from "./picture-options.js";
import { heldSize, type Placement, placement } from "./placement.js";
import { decodePng } from "./png.js";
import { pngChunks } from "./png-chunks.js";
import { type RgbPicture, resample } from "./resample.js";
import { decodeWithSharp, loadSharp, needsSharp, type SharpDecoder } from "./sharp-decoder.js";

/**
 * A picture file's bytes (JPEG, PNG, WebP or AVIF, told by their content) as the bytes that a model takes: the right way
 * up, over the background, resized without aliases, [height, width, channels] in row-major order, 0 to 255. Grey is
 * 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601).
 *
 * @throws PictureError where it is another format, damaged, cut off, or larger than allowed
 * @throws HeddleError where its format needs the package sharp and that isn't installed
 */
export async function preparePicture(
  bytes: Uint8Array,
  preparation: PicturePreparation,
): Promise<Uint8Array> {
  const checked = resolveOptions("preparePicture", preparation, preparationOptions);
  return prepareWith(await loadSharp(), bytes, checked);
}

/** The same with the decoder at hand. @param mostPixels that a picture may say it has, where that is less than for all */
export async function prepareWith(
  sharp: SharpDecoder | undefined,
  bytes: Uint8Array,
  preparation: PicturePreparation,
  mostPixels?: number,
): Promise<Uint8Array> {
  const place = ({ width, height }: Sides): Placement => placement(width, height, preparation);
  const scaled = await scaledPicture(sharp, bytes, preparation.background, place, mostPixels);
  const framed = inFrame(scaled, preparation);
  return preparation.channels === 1 ? inGrey(framed) : framed;
}

/**
 * A picture file for people to see: the right way up, no side longer than asked for, over a background.
 *
 * @param longestSide pixels; a smaller picture stays as it is
 * @throws as `preparePicture`
 */
export async function displayPicture(
  bytes: Uint8Array,
  longestSide: number,
  background = 255,
): Promise<RgbPicture> {
  const { width, height, data } = await scaledPicture(await loadSharp(), bytes, background, (sides) => {
    const size =
      Math.max(sides.width, sides.height) <= longestSide
        ? { width: sides.width, height: sides.height }
        : heldSize(sides.width, sides.height, longestSide, longestSide);
    return {
      box: { left: 0, top: 0, ...{ width: sides.width, height: sides.height } },
      ...size,
      left: 0,
      top: 0,
    };
  });
  return { width, height, data };
}

interface Sides {
  readonly width: number;
  readonly height: number;
}

async function scaledPicture(
  sharp: SharpDecoder | undefined,
  bytes: Uint8Array,
  background: number,
  place: (sides: Sides) => Placement,
  mostPixels?: number,
): Promise<RgbPicture & { readonly placed: Placement }> {
  checkBytes(bytes.length);
  const format = pictureFormat(bytes);
  if (sharp) return decodeWithSharp(sharp, bytes, format, background, place, mostPixels);
  if (format !== "PNG") throw needsSharp(format);
  const picture = upright(decodePng(bytes, background, mostPixels), exifOrientation(pngChunks(bytes).exif));
  const placed = place(picture);
  const { width, height } = placed;
  return { width, height, data: resample(picture, placed.box, width, height), placed };
}

/** Lays a scaled picture on the background. */
function inFrame(
  { width, height, data, placed }: RgbPicture & { readonly placed: Placement },
  { size: [frameHeight, frameWidth], background }: PicturePreparation,
): Uint8Array {
  if (width === frameWidth && height === frameHeight) return data;
  const frame = new Uint8Array(frameHeight * frameWidth * 3).fill(background);
  for (let row = 0; row < height; row++) {
    const to = ((placed.top + row) * frameWidth + placed.left) * 3;
    frame.set(data.subarray(row * width * 3, (row + 1) * width * 3), to);
  }
  return frame;
}

function inGrey(colour: Uint8Array): Uint8Array {
  const grey = new Uint8Array(colour.length / 3);
  for (let at = 0, from = 0; at < grey.length; at++, from += 3) {
    grey[at] = 0.299 * colour[from] + 0.587 * colour[from + 1] + 0.114 * colour[from + 2] + 0.5;
  }
  return grey;
}
