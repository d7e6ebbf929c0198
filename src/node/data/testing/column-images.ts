import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeIdx } from "../../../core/data/testing/encode-idx.js";
import { createRandom } from "../../../core/random.js";

export interface ColumnImagesOptions {
  readonly seed: number;
  /** Images of all four classes. */
  readonly train: number;
  readonly test: number;
}

/** Writes four IDX files of four classes of 12 × 12: an image of class c is noise, brighter in column c. */
export async function writeColumnImages(
  folder: string,
  { seed, train, test }: ColumnImagesOptions,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, count] of [
    ["train", train],
    ["t10k", test],
  ] as const) {
    const random = createRandom(seed, count);
    const labels = Uint8Array.from({ length: count }, (_, index) => index % 4);
    const images = Uint8Array.from({ length: count * 144 }, (_, position) =>
      position % 12 === Math.floor(position / 144) % 4 ? 200 : random.below(150),
    );
    await writeFile(join(folder, `${name}-images-idx3-ubyte`), encodeIdx([count, 12, 12], images));
    await writeFile(join(folder, `${name}-labels-idx1-ubyte`), encodeIdx([count], labels));
  }
}
