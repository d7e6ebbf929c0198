import { HeddleError } from "../errors.js";
import type { Shape } from "../layers/layer.js";
import { shapeSize } from "../layers/shape.js";
import type { Images } from "./image-reader.js";
import { pickImages } from "./pick-images.js";

/**
 * A few images out of many, wherever they are, one after the other: [indices.length, H, W, C].
 *
 * @param imageShape [H, W, C] of every one
 * @throws HeddleError where a source gives others than were asked for
 */
export async function chosenImages(
  images: Images,
  imageShape: Shape,
  indices: Uint32Array,
): Promise<Uint8Array> {
  const size = shapeSize(imageShape);
  if (images instanceof Uint8Array) return pickImages(images, size, indices);
  const chosen = new Uint8Array(indices.length * size);
  let filled = 0;
  for await (const piece of images(indices.slice())) {
    if (filled + piece.length > chosen.length) throw unlike(filled + piece.length, chosen.length);
    chosen.set(piece, filled);
    filled += piece.length;
  }
  if (filled < chosen.length) throw unlike(filled, chosen.length);
  return chosen;
}

const unlike = (given: number, wanted: number): HeddleError =>
  new HeddleError(
    `A source gave ${given} bytes where images of ${wanted} were asked for; give one image for each index.`,
  );
