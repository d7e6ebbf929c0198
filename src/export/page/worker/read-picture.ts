import type { PicturePreparation } from "../../../core/data/picture-preparation.js";
import { framed, placedPicture } from "../../../core/data/pictures/frame.js";
import { placement } from "../../../core/data/pictures/placement.js";
import type { RgbPicture } from "../../../core/data/pictures/resample.js";
import type { Preview } from "./messages.js";

/** The most pixels that are decoded: their copies must fit into a phone's memory. */
const mostPixels = 2 ** 26;

/** Pixels along the longer side of a preview, at least. */
const previewSide = 320;

/** Pixels along a side up to which a picture is enlarged with crisp edges. */
const crispSide = 64;

/**
 * A picture file as the bytes that a model takes, as heddle prepares it elsewhere, and as people see what is left of it.
 * The browser decodes it, the right way up and in sRGB.
 *
 * @throws Error in words for people
 */
export async function readPicture(
  file: Blob,
  preparation: PicturePreparation,
): Promise<{ readonly image: Uint8Array; readonly preview: Preview }> {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => {
    throw new Error(
      file.type === "" || file.type.startsWith("image/")
        ? "This browser can't read it: it is damaged, or of a kind that it doesn't know. JPEG and PNG are read everywhere."
        : "It is no picture.",
    );
  });
  try {
    const { width, height } = bitmap;
    if (width * height > mostPixels)
      throw new Error(
        `It has ${width} × ${height} pixels, more than the ${Math.round(mostPixels / 1e6)} million that this page reads.`,
      );
    const whole = colours(bitmap, preparation.background);
    const image = framed(placedPicture(whole, placement(width, height, preparation)), preparation);
    return { image, preview: previewOf(bitmap, preparation) };
  } finally {
    bitmap.close();
  }
}

function canvasOf(width: number, height: number, background: number): OffscreenCanvasRenderingContext2D {
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("This browser has no memory left for a picture of this size.");
  context.fillStyle = `rgb(${background} ${background} ${background})`;
  context.fillRect(0, 0, width, height);
  return context;
}

/** All of its pixels over the background. */
function colours(bitmap: ImageBitmap, background: number): RgbPicture {
  const { width, height } = bitmap;
  const context = canvasOf(width, height, background);
  context.drawImage(bitmap, 0, 0);
  const { data: pixels } = context.getImageData(0, 0, width, height);
  const data = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
    data[to] = pixels[from];
    data[to + 1] = pixels[from + 1];
    data[to + 2] = pixels[from + 2];
  }
  return { width, height, data };
}

/** What the model sees of it, at a size to look at. */
function previewOf(bitmap: ImageBitmap, preparation: PicturePreparation): Preview {
  const { size, resize, background } = preparation;
  const scale = Math.ceil(previewSide / Math.max(...size));
  const [height, width] = size.map((side) => side * scale);
  const placed = placement(bitmap.width, bitmap.height, { size: [height, width], resize });
  const { box } = placed;
  const context = canvasOf(width, height, background);
  context.imageSmoothingEnabled = Math.max(box.width, box.height) > crispSide;
  context.imageSmoothingQuality = "high";
  context.drawImage(
    bitmap,
    ...[box.left, box.top, box.width, box.height],
    ...([placed.left, placed.top, placed.width, placed.height] as const),
  );
  return { width, height, data: context.getImageData(0, 0, width, height).data };
}
