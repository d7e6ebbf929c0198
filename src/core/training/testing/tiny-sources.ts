import type { ImageSetInMemory } from "../../data/dataset.js";
import { type ImageSource, imageSource } from "../../data/image-source.js";
import type { ImageStream } from "../../data/image-stream.js";

/** Ways in which a source may give the images of a set. @param turn a wait for the event loop's next turn */
export function sourcesOf(
  { images, labels, count }: ImageSetInMemory,
  turn: () => Promise<void>,
): Readonly<Record<string, ImageSource>> {
  const size = images.length / count;
  const one = (index: number): Uint8Array => images.subarray(index * size, (index + 1) * size);
  const source = (give: (order: Uint32Array) => ImageStream): ImageSource => ({ labels, images: give });
  const several = (order: Uint32Array, pieces: readonly number[]): Uint8Array[] => {
    const all: Uint8Array[] = [];
    for (let first = 0, piece = 0; first < order.length; first += pieces[piece++ % pieces.length]) {
      const chosen = [...order.subarray(first, first + pieces[piece % pieces.length])];
      all.push(Uint8Array.from(chosen.flatMap((index) => [...one(index)])));
    }
    return all;
  };
  const room = new Uint8Array(size);
  const intoRoom = (index: number): Uint8Array => {
    room.set(one(index));
    return room;
  };
  return {
    "an array of images": source((order) => Array.from(order, one)),
    "several images a piece": source((order) => several(order, [3, 1, 11])),
    "all at once": source((order) => several(order, [count])),
    "a generator that uses its memory again": source(function* (order) {
      for (const index of order) yield intoRoom(index);
    }),
    "an async generator that waits and spoils what it is given": source(async function* (order) {
      for (const [place, index] of order.entries()) {
        if (place % 5 === 0) await turn();
        yield Uint8ClampedArray.from(one(index));
        order[place] = 0;
      }
    }),
    "images read by index": imageSource({ labels, read: intoRoom }),
    "images read by index, ahead": imageSource({
      labels,
      ahead: 3,
      read: async (index) => {
        for (let turns = index % 4; turns > 0; turns--) await turn();
        return one(index).slice();
      },
    }),
  };
}
