import { basename, join } from "node:path";
import { HeddleError } from "../../core/errors.js";
import { checkValue, resolveOptions, text } from "../../core/options/index.js";
import { listed, plural } from "../../core/words.js";
import { classesWithin } from "./classes-within.js";
import { listImageFolder, someOf } from "./list-folder.js";
import { type PictureDataset, pictureDataset } from "./picture-dataset.js";
import { classOrder, type PictureFile, partOfName } from "./picture-files.js";
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
  const { root, files, skipped, empty, loose, others } = await listImageFolder(path, settings.signal);
  const name = basename(root) || root;
  refuseTooFarUp(path, files);
  refusePartsAsClasses(path, files);
  const warn = (what: string, paths: readonly string[]): void => {
    if (paths.length === 0) return;
    settings.onProgress?.({ type: "warning", message: `${name}: ${what}: ${someOf(paths)}.` });
  };
  warn(`${plural(empty.length, "folder")} without a picture`, empty);
  warn(`${plural(loose.length, "picture")} in no class's folder, left out`, loose);
  if (others.length > 0) {
    settings.onProgress?.({
      type: "notice",
      message: `${name}: ${plural(others.length, "folder")} beside train that ${others.length === 1 ? "is no part" : "are no parts"}, passed over: ${someOf(others)}.`,
    });
  }
  return pictureDataset({ name, root, files, skipped }, settings);
}

/** @throws HeddleError where the classes lie within the one folder that there is */
function refuseTooFarUp(path: string, files: readonly PictureFile[]): void {
  const within = classesWithin(files);
  if (!within) return;
  const meant = join(path, within.path);
  throw new HeddleError(
    `${path} has pictures of one class alone, ${JSON.stringify(files[0].label)}: expected at least 2 classes to tell apart. ${meant} has folders that may be meant: ${someOf(within.folders)}. Give ${meant} instead.`,
  );
}

/** @throws HeddleError where all classes would be called as parts are: nobody tells those apart */
function refusePartsAsClasses(path: string, files: readonly PictureFile[]): void {
  const names = classOrder(files.map(({ label }) => label));
  if (names.length < 2 || files.some(({ part, label }) => part !== undefined || !partOfName(label))) return;
  const train = names.find((name) => partOfName(name) === "train");
  const why = train === undefined ? "none to train on" : `${train} has no folders`;
  throw new HeddleError(
    `${path} holds ${listed(names)} with pictures, but ${why}: expected train and others with a folder a class in each, named as the class, or a list in CSV with the columns path, label and split.`,
  );
}
