import type { PicturePreparation } from "../picture-preparation.js";
import type { Placement } from "./placement.js";
import { type RgbPicture, resample } from "./resample.js";

/** A picture that is scaled already, and where it goes. */
export interface PlacedPicture extends RgbPicture {
  readonly placed: Placement;
}

/** Scales the part of a picture that its placement keeps. */
export function placedPicture(picture: RgbPicture, placed: Placement): PlacedPicture {
  const { width, height } = placed;
  return { width, height, data: resample(picture, placed.box, width, height), placed };
}

/**
 * The bytes that a model takes, of a scaled picture: laid on the background and in grey where the model is of one
 * channel, 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601). [height, width, channels] in row-major order, 0 to 255.
 */
export function framed(scaled: PlacedPicture, preparation: PicturePreparation): Uint8Array {
  const colour = inFrame(scaled, preparation);
  return preparation.channels === 1 ? inGrey(colour) : colour;
}

function inFrame(
  { width, height, data, placed }: PlacedPicture,
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

/** How light a colour is, 0 … 255. */
export const greyOf = (red: number, green: number, blue: number): number =>
  0.299 * red + 0.587 * green + 0.114 * blue;

function inGrey(colour: Uint8Array): Uint8Array {
  const grey = new Uint8Array(colour.length / 3);
  for (let at = 0, from = 0; at < grey.length; at++, from += 3) {
    grey[at] = greyOf(colour[from], colour[from + 1], colour[from + 2]) + 0.5;
  }
  return grey;
}
