import { lstat, realpath } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import { HeddleError } from "../../core/errors.js";
import { checkValue, type OptionTable, resolveOptions, text } from "../../core/options/index.js";
import { plural } from "../../core/words.js";
import { errorCode, readError } from "../file-errors.js";
import { folderKind } from "./image-folder.js";
import { inParallel } from "./in-parallel.js";
import { isWithin, linkProblem, shownPath } from "./list-folder.js";
import { type PictureDataset, pictureDataset } from "./picture-dataset.js";
import type { PictureFile, SkippedFile } from "./picture-files.js";
import { type PictureOptions, pictureOptions } from "./picture-options.js";
import { type ListedPicture, readList } from "./read-list.js";

/** As `PictureOptions`, and where a list's paths begin. */
export interface ImageListOptions extends PictureOptions {
  /** The folder that paths are relative to and may not lead out of (default: the list's own). */
  readonly root?: string | undefined;
}

const imageListOptions = {
  ...pictureOptions,
  root: { meaning: "where paths begin", kind: folderKind, otherwise: "the list's folder" },
} satisfies OptionTable<ImageListOptions>;

/**
 * A data set of a list of pictures: CSV with the columns `path` and `label`, or JSON Lines of such objects, and a `split` of
 * train, validation or test where parts are given. Paths are relative to the list, and nothing outside of its folder is
 * read. The rest is as for `imageFolder`.
 *
 * @throws UsageError on an unknown option or a value that is not allowed
 * @throws HeddleError where the list can't be read, names fewer than two classes, or too many of its files can't be used
 */
export async function imageList(path: string, options: ImageListOptions = {}): Promise<PictureDataset> {
  checkValue("imageList", "path", path, text(undefined, "the path of a list"));
  const { root: given, ...settings } = resolveOptions("imageList", options, imageListOptions);
  const listed = await readList(path);
  const folder = given ?? dirname(path);
  const root = await realpath(folder).catch((cause: unknown) => {
    throw readError(folder, cause);
  });
  const name = basename(path, extname(path));
  const { files, skipped, twice } = await placesOf(listed, root, settings.signal);
  if (twice > 0) {
    settings.onProgress?.({
      type: "warning",
      message: `${name}: ${plural(twice, "row")} that stand there before are taken once.`,
    });
  }
  const parted = files.filter(({ part }) => part !== undefined).length;
  if (parted > 0 && parted < files.length) {
    throw new HeddleError(
      `${path}: ${plural(files.length - parted, "row")} of ${files.length} name no split and the others do. Give each one of train, validation and test, or none.`,
    );
  }
  return pictureDataset({ name, root, files, skipped }, settings);
}

interface Places {
  readonly files: readonly PictureFile[];
  readonly skipped: readonly SkippedFile[];
  /** Rows that say what an earlier one says. */
  readonly twice: number;
}

/** Where a list's pictures lie: none outside of the root. */
async function placesOf(
  listed: readonly ListedPicture[],
  root: string,
  signal: AbortSignal | undefined,
): Promise<Places> {
  const known = new Map<string, PictureFile>();
  const reals = new Map<string, Promise<string | undefined>>();
  /** A folder when its links are followed; undefined of one that isn't there. */
  const realOf = (folder: string): Promise<string | undefined> => {
    const real = reals.get(folder) ?? realpath(folder).catch(() => undefined);
    reals.set(folder, real);
    return real;
  };
  /** Where a row's picture is, whatever links its folder is reached through. */
  const placeOf = async (path: string): Promise<string> => {
    const place = resolve(root, path);
    if (isWithin(root, place)) return place;
    const folder = dirname(place);
    return join((await realOf(folder)) ?? folder, basename(place));
  };
  for (const { path, label, part } of listed) {
    const shown = shownPath(root, await placeOf(path));
    known.set(JSON.stringify([shown, label, part]), { path: shown, label, part });
  }
  const rows = [...known.values()];
  const problems = new Map<string, string | undefined>();
  /** Whether a folder lies within the root when its links are followed; one that isn't there leads nowhere. */
  const staysWithin = async (folder: string): Promise<boolean> => {
    const real = await realOf(folder);
    return real === undefined || real === root || isWithin(root, real);
  };
  const look = async (path: string): Promise<void> => {
    const place = resolve(root, path);
    if (!isWithin(root, place) || !(await staysWithin(dirname(place)))) {
      problems.set(path, "it leads out of the folder");
      return;
    }
    const found = await lstat(place).catch((cause: unknown) => {
      // What is wrong with it is said when it is read.
      if (errorCode(cause) !== undefined) return undefined;
      throw cause;
    });
    if (found?.isSymbolicLink()) problems.set(path, await linkProblem(place, root));
  };
  await inParallel([...new Set(rows.map(({ path }) => path))], 64, look, signal);
  return {
    files: rows.filter(({ path }) => problems.get(path) === undefined),
    skipped: [...problems].flatMap(([path, reason]) => (reason === undefined ? [] : [{ path, reason }])),
    twice: listed.length - rows.length,
  };
}
