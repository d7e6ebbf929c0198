import type { PicturePreparation } from "../../../core/data/picture-preparation.js";
import { framed, greyOf, placedPicture } from "../../../core/data/pictures/frame.js";
import { placement } from "../../../core/data/pictures/placement.js";
import type { RgbPicture } from "../../../core/data/pictures/resample.js";
import type { Preview } from "./messages.js";

/** The most pixels that are decoded: their copies must fit into a phone's memory. */
const mostPixels = 2 ** 26;

/**
 * Pixels along the sides of a canvas, at most: browsers take so many everywhere, and above a limit of its own one gives
 * nothing but blank pixels.
 */
const canvasSide = 2048;

/** Pixels along the longer side of a preview, at least. */
const previewSide = 320;

/** Pixels along a side up to which a picture is enlarged with crisp edges. */
const crispSide = 64;

/**
 * A picture file as the bytes that a model takes, as heddle prepares it elsewhere, and as people see what is left of it.
 * The browser decodes it, the right way up and in sRGB.
 *
 * @param invert has light and dark change places
 * @throws Error in words for people
 */
export async function readPicture(
  file: Blob,
  preparation: PicturePreparation,
  invert: boolean,
): Promise<{ readonly image: Uint8Array; readonly preview: Preview }> {
  const bitmap = await decoded(file);
  try {
    const { width, height } = bitmap;
    if (width * height > mostPixels)
      throw new Error(
        `It has ${width} × ${height} pixels, more than the ${Math.round(mostPixels / 1e6)} million that this page reads.`,
      );
    const whole = colours(bitmap, preparation.background);
    const image = framed(placedPicture(whole, placement(width, height, preparation)), preparation);
    return {
      image: invert ? image.map((value) => 255 - value) : image,
      preview: previewOf(bitmap, preparation, invert),
    };
  } finally {
    bitmap.close();
  }
}

async function decoded(file: Blob): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" }).catch((error: unknown) => {
      if (!(error instanceof TypeError)) throw error;
      // A browser from before the option had that name turns pictures without being asked.
      return createImageBitmap(file);
    });
  } catch {
    throw new Error(
      file.type === "" || file.type.startsWith("image/")
        ? "This browser can't read it: it is damaged, or of a kind that it doesn't know. JPEG and PNG are read everywhere."
        : "It is no picture.",
    );
  }
}

/** A canvas for as long as it is drawn on: some browsers keep the memory of those that are only forgotten. */
function onCanvas<Result>(
  width: number,
  height: number,
  draw: (context: OffscreenCanvasRenderingContext2D) => Result,
): Result {
  const canvas = new OffscreenCanvas(width, height);
  try {
    const context = canvas.getContext("2d", { willReadFrequently: true });
    if (!context) throw new Error(noRoom);
    return draw(context);
  } finally {
    canvas.width = 0;
    canvas.height = 0;
  }
}

const noRoom =
  "This browser has no memory left to draw a picture of this size: close other pages, or make it smaller.";

/** Pixels that were drawn over a background. @throws Error where the browser left any of them blank */
function pixelsOf(
  context: OffscreenCanvasRenderingContext2D,
  width: number,
  height: number,
): Uint8ClampedArray<ArrayBuffer> {
  const { data } = context.getImageData(0, 0, width, height);
  for (let at = 3; at < data.length; at += 4) if (data[at] === 0) throw new Error(noRoom);
  return data;
}

function fill(context: OffscreenCanvasRenderingContext2D, background: number): void {
  const { width, height } = context.canvas;
  context.fillStyle = `rgb(${background} ${background} ${background})`;
  context.fillRect(0, 0, width, height);
}

/** All of its pixels over the background, read a tile after the other. */
function colours(bitmap: ImageBitmap, background: number): RgbPicture {
  const { width, height } = bitmap;
  const data = new Uint8Array(width * height * 3);
  const [across, down] = [Math.min(width, canvasSide), Math.min(height, canvasSide)];
  onCanvas(across, down, (context) => {
    for (let top = 0; top < height; top += down) {
      for (let left = 0; left < width; left += across) {
        fill(context, background);
        context.drawImage(bitmap, -left, -top);
        const columns = Math.min(across, width - left);
        const rows = Math.min(down, height - top);
        const tile = pixelsOf(context, columns, rows);
        for (let row = 0; row < rows; row++)
          copyColours(tile, row * columns * 4, columns, data, ((top + row) * width + left) * 3);
      }
    }
  });
  return { width, height, data };
}

function copyColours(
  pixels: Uint8ClampedArray,
  first: number,
  count: number,
  target: Uint8Array,
  offset: number,
): void {
  for (let pixel = 0, from = first, to = offset; pixel < count; pixel++, from += 4, to += 3) {
    target[to] = pixels[from];
    target[to + 1] = pixels[from + 1];
    target[to + 2] = pixels[from + 2];
  }
}

/** What the model sees of it, at a size to look at. */
function previewOf(bitmap: ImageBitmap, preparation: PicturePreparation, invert: boolean): Preview {
  const { size, resize, background, channels } = preparation;
  const scale = Math.ceil(previewSide / Math.max(...size));
  const [height, width] = size.map((side) => side * scale);
  const placed = placement(bitmap.width, bitmap.height, { size: [height, width], resize });
  const { box } = placed;
  return onCanvas(width, height, (context) => {
    fill(context, background);
    context.imageSmoothingEnabled = Math.max(box.width, box.height) > crispSide;
    context.imageSmoothingQuality = "high";
    context.drawImage(
      bitmap,
      ...[box.left, box.top, box.width, box.height],
      ...([placed.left, placed.top, placed.width, placed.height] as const),
    );
    const data = pixelsOf(context, width, height);
    if (channels === 1) makeGrey(data);
    if (invert) makeNegative(data);
    return { width, height, data };
  });
}

function makeGrey(pixels: Uint8ClampedArray): void {
  for (let at = 0; at < pixels.length; at += 4)
    pixels.fill(greyOf(pixels[at], pixels[at + 1], pixels[at + 2]), at, at + 3);
}

function makeNegative(pixels: Uint8ClampedArray): void {
  for (let at = 0; at < pixels.length; at++) if (at % 4 !== 3) pixels[at] = 255 - pixels[at];
}
