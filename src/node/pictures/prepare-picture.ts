import type { PicturePreparation } from "../../core/data/picture-preparation.js";
import { framed, type PlacedPicture, placedPicture } from "../../core/data/pictures/frame.js";
import { heldSize, type Placement, placement } from "../../core/data/pictures/placement.js";
import type { RgbPicture } from "../../core/data/pictures/resample.js";
import { resolveOptions } from "../../core/options/index.js";
import { exifOrientation, upright } from "./orientation.js";
import { checkBytes, pictureFormat } from "./picture-format.js";
import { preparationOptions } from "./picture-options.js";
import { decodePng } from "./png.js";
import { pngChunks } from "./png-chunks.js";
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
  return framed(scaled, preparation);
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
): Promise<PlacedPicture> {
  checkBytes(bytes.length);
  const format = pictureFormat(bytes);
  if (sharp) return decodeWithSharp(sharp, bytes, format, background, place, mostPixels);
  if (format !== "PNG") throw needsSharp(format);
  const picture = upright(decodePng(bytes, background, mostPixels), exifOrientation(pngChunks(bytes).exif));
  return placedPicture(picture, place(picture));
}
