import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeIdx } from "../../core/data/testing/encode-idx.js";
import { createRandom } from "../../core/random.js";

export interface SyntheticDataOptions {
  readonly classes?: number;
  /** Images of a class. */
  readonly trainPerClass?: number;
  readonly testPerClass?: number;
  /** Pixels a side. */
  readonly size?: number;
}

/**
 * Writes a folder of four IDX files that any model can learn: an image of class c is noise with a bright
 * column at c.
 */
export async function writeSyntheticData(folder: string, options: SyntheticDataOptions = {}): Promise<void> {
  const { classes = 4, trainPerClass = 25, testPerClass = 10, size = 12 } = options;
  await mkdir(folder, { recursive: true });
  for (const [name, perClass, seed] of [
    ["train", trainPerClass, 1],
    ["t10k", testPerClass, 2],
  ] as const) {
    const count = classes * perClass;
    const random = createRandom(seed);
    const images = Uint8Array.from({ length: count * size * size }, (_, position) => {
      const label = Math.floor(position / (size * size)) % classes;
      return position % size === label ? 255 : random.below(128);
    });
    const labels = Uint8Array.from({ length: count }, (_, index) => index % classes);
    await writeFile(join(folder, `${name}-images-idx3-ubyte`), encodeIdx([count, size, size], images));
    await writeFile(join(folder, `${name}-labels-idx1-ubyte`), encodeIdx([count], labels));
  }
}
