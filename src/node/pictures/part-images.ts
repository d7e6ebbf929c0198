import { join } from "node:path";
import type { ImagesInOrder } from "../../core/data/image-stream.js";
import type { PicturePreparation } from "../../core/data/picture-preparation.js";
import { HeddleError } from "../../core/errors.js";
import { readPicture } from "./gather-pictures.js";
import { inParallel } from "./in-parallel.js";
import type { PictureStore } from "./picture-cache.js";
import { PictureError } from "./picture-error.js";
import { digestOf } from "./picture-segment.js";
import { prepareWith } from "./prepare-picture.js";
import { loadSharp } from "./sharp-decoder.js";

/** Where a part's images are read from. */
export interface PartSource {
  readonly root: string;
  readonly preparation: PicturePreparation;
  readonly store: PictureStore;
}

/** Images that are read at once. */
const readsAtOnce = 8;

export const imageBytesOf = ({ size: [height, width], channels }: PicturePreparation): number =>
  height * width * channels;

/** All images of these files, [N, H, W, C]. @throws HeddleError where a file is gone or was changed meanwhile */
export async function imagesInMemory(
  paths: readonly string[],
  source: PartSource,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const bytes = imageBytesOf(source.preparation);
  const images = new Uint8Array(paths.length * bytes);
  const read = (path: string, index: number): Promise<void> =>
    readImage(path, images.subarray(index * bytes, (index + 1) * bytes), source);
  await inParallel(paths, readsAtOnce, read, signal);
  return images;
}

/**
 * The images of these files as they are wanted, for more than memory holds. Files of the cache are open while somebody
 * reads.
 */
export function imagesFromStore(paths: readonly string[], source: PartSource): ImagesInOrder {
  const bytes = imageBytesOf(source.preparation);
  let readers = 0;
  async function* inOrder(order: Uint32Array): AsyncGenerator<Uint8Array> {
    readers++;
    try {
      for (let at = 0; at < order.length; at += readsAtOnce) {
        const indices = order.subarray(at, at + readsAtOnce);
        const images = new Uint8Array(indices.length * bytes);
        await Promise.all(
          Array.from(indices, (index, place) =>
            readImage(paths[index], images.subarray(place * bytes, (place + 1) * bytes), source),
          ),
        );
        yield images;
      }
    } finally {
      readers--;
      if (readers === 0) await source.store.close().catch(() => undefined);
    }
  }
  return inOrder;
}

/** From the store, or where that was damaged or taken away, from the file once more. */
async function readImage(
  path: string,
  into: Uint8Array,
  { root, preparation, store }: PartSource,
): Promise<void> {
  if (await store.read(path, into)) return;
  const known = store.find(path);
  try {
    const bytes = await readPicture(join(root, path));
    if (known && known.content !== digestOf(bytes)) throw new PictureError("it was changed");
    into.set(await prepareWith(await loadSharp(), bytes, preparation));
    // What can't be mended in the cache is read from its file once more.
    if (known) await store.add(known, into.slice()).catch(() => undefined);
  } catch (cause) {
    if (!(cause instanceof PictureError)) throw cause;
    throw new HeddleError(
      `${join(root, path)} can't be read any more: ${cause.reason}. Leave a data set's files as they are while it is in use.`,
      { cause },
    );
  }
}
