import { basename } from "node:path";
import { checkValue, resolveOptions, text } from "../../core/options/index.js";
import { plural } from "../../core/words.js";
import { listImageFolder, someOf } from "./list-folder.js";
import { type PictureDataset, pictureDataset } from "./picture-dataset.js";
import { type PictureOptions, pictureOptions } from "./picture-options.js";

export const folderKind = text(undefined, "the path of a folder");

/**
 * A data set of a folder with a folder a class, whose names are the classes', or of `train`, `validation` (or `valid`,
 * `val`) and `test` with such folders. Pictures are JPEG, PNG, WebP and AVIF, told by their content. Where no part is
 * given to test with, a share of each class is taken, near-duplicates on one side; where `train` and `validation` are all
 * there is, `validation` tests.
 *
 * Decoded pictures are kept in heddle's cache folder: the next time only those are decoded that are new or were changed.
 *
 * @throws UsageError on an unknown option or a value that is not allowed
 * @throws HeddleError where the folder can't be read, has fewer than two classes, or too many of its files can't be used
 */
export async function imageFolder(path: string, options: PictureOptions = {}): Promise<PictureDataset> {
  checkValue("imageFolder", "path", path, folderKind);
  const settings = resolveOptions("imageFolder", options, pictureOptions);
  const { root, files, skipped, empty } = await listImageFolder(path, settings.signal);
  const name = basename(root) || root;
  if (empty.length > 0) {
    settings.onProgress?.({
      type: "warning",
      message: `${name}: ${plural(empty.length, "folder")} without a picture: ${someOf(empty)}.`,
    });
  }
  return pictureDataset({ name, root, files, skipped }, settings);
}
