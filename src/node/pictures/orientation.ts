import type { RgbPicture } from "../../core/data/pictures/resample.js";

const orientationTag = 0x0112;
const ifdEntry = 12;

/** How the camera was held, 1 to 8, by an Exif block (a TIFF file); 1 where it doesn't say. */
export function exifOrientation(exif: Uint8Array | undefined): number {
  if (!exif || exif.length < 14) return 1;
  const view = new DataView(exif.buffer, exif.byteOffset, exif.byteLength);
  const order = view.getUint16(0);
  const little = order === 0x4949;
  if (!little && order !== 0x4d4d) return 1;
  const directory = view.getUint32(4, little);
  if (directory + 2 > exif.length) return 1;
  const entries = view.getUint16(directory, little);
  for (let entry = 0; entry < entries; entry++) {
    const at = directory + 2 + entry * ifdEntry;
    if (at + ifdEntry > exif.length) return 1;
    if (view.getUint16(at, little) !== orientationTag) continue;
    const value = view.getUint16(at + 8, little);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** Turns a picture the way up that its orientation says. */
export function upright(picture: RgbPicture, orientation: number): RgbPicture {
  if (orientation === 1) return picture;
  const { width, height, data } = picture;
  const sideways = orientation >= 5;
  const turned = { width: sideways ? height : width, height: sideways ? width : height };
  const pixels = new Uint8Array(data.length);
  for (let y = 0, to = 0; y < turned.height; y++) {
    for (let x = 0; x < turned.width; x++, to += 3) {
      const [column, row] = sourceOf[orientation](x, y, width - 1, height - 1);
      const from = (row * width + column) * 3;
      for (let channel = 0; channel < 3; channel++) pixels[to + channel] = data[from + channel];
    }
  }
  return { ...turned, data: pixels };
}

type SourceOf = (x: number, y: number, right: number, bottom: number) => readonly [x: number, y: number];

/** By Exif's number: which stored pixel is seen at (x, y). */
const sourceOf: Readonly<Record<number, SourceOf>> = {
  2: (x, y, right) => [right - x, y],
  3: (x, y, right, bottom) => [right - x, bottom - y],
  4: (x, y, _, bottom) => [x, bottom - y],
  5: (x, y) => [y, x],
  6: (x, y, _, bottom) => [y, bottom - x],
  7: (x, y, right, bottom) => [right - y, bottom - x],
  8: (x, y, right) => [right - y, x],
};
