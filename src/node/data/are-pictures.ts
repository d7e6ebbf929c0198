import { fashionMnist } from "../../core/data/fashion-mnist.js";
import { HeddleError } from "../../core/errors.js";
import { lookAt } from "./place.js";
import { recognize } from "./recognize.js";

/** Kinds of data whose images are of any size until they are prepared. */
export const pictureKinds: readonly unknown[] = ["image-folder", "image-list"];

/**
 * Whether a data set is of pictures. What can't be told is none: who loads it says why.
 *
 * @param kind where it was said
 */
export async function arePictures(data: string, kind: unknown): Promise<boolean> {
  if (kind !== undefined) return pictureKinds.includes(kind);
  if (data === fashionMnist) return false;
  try {
    return pictureKinds.includes((await recognize(await lookAt(data))).name);
  } catch (error) {
    if (error instanceof HeddleError) return false;
    throw error;
  }
}
