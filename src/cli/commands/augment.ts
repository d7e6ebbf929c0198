import { checkAugmentation } from "../../core/data/augment-batch.js";
import { parseAugmentation } from "../../core/data/augmentation.js";
import { chosenImages } from "../../core/data/chosen-images.js";
import { plural } from "../../core/words.js";
import { loadDataset } from "../../node/data/load.js";
import { writeFileWhole } from "../../node/write-file.js";
import { augmentationSheet } from "../../report/augmentation-sheet.js";
import { type DataFlags, dataOptionsFrom } from "../data-flags.js";
import { refuseExisting } from "../output-file.js";
import { dataProgressLines } from "./data.js";
import type { CommandOutput } from "./output.js";

export interface AugmentCommandOptions extends DataFlags {
  /** A list, as `parseAugmentation` reads it. */
  readonly augmentation: string;
  /** A PNG file to write. */
  readonly out: string;
  /** Rows. */
  readonly images: number;
  /** Columns beside the images as they are. */
  readonly epochs: number;
  readonly seed: number;
  /** Whether `out` may replace a file that is there. */
  readonly overwrite?: boolean;
}

/** Images smaller than this are drawn with larger pixels. */
const wantedSide = 64;

/** Draws what training with an augmentation sees of the first training images. */
export async function augmentCommand(options: AugmentCommandOptions, out: CommandOutput): Promise<void> {
  const { data, out: file, epochs, seed, overwrite = false } = options;
  const augmentation = parseAugmentation(options.augmentation);
  refuseExisting(file, { overwrite, usual: "augmentation.png" });
  const onProgress = dataProgressLines(out);
  const { dataset } = await loadDataset(data, { ...dataOptionsFrom(options), onProgress });
  const { imageShape, train } = dataset;
  checkAugmentation(augmentation, imageShape);
  const indices = Uint32Array.from({ length: Math.min(options.images, train.count) }, (_, index) => index);
  const scale = Math.max(1, Math.ceil(wantedSide / Math.max(imageShape[0], imageShape[1])));
  const images = await chosenImages(train.images, imageShape, indices);
  await writeFileWhole(
    file,
    augmentationSheet({ images, imageShape, indices, augmentation, seed, epochs, scale }),
  );
  out.stderr(
    `${plural(indices.length, "training image")} of ${dataset.name}, as ${indices.length === 1 ? "it is" : "they are"} and in ${plural(epochs, "epoch")}, drawn in ${file}`,
  );
}
