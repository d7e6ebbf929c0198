import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import type { PicturePreparation } from "../../core/data/picture-preparation.js";
import { HeddleError } from "../../core/errors.js";
import { percent, plural } from "../../core/words.js";
import type { OnDataProgress } from "../data/progress.js";
import { errorCode, fileErrorWords, readError } from "../file-errors.js";
import { usableProcessors } from "../processors.js";
import { inParallel } from "./in-parallel.js";
import { someOf } from "./list-folder.js";
import type { PictureStore } from "./picture-cache.js";
import { PictureError, SkippedPicturesError } from "./picture-error.js";
import type { PictureFile, SkippedFile } from "./picture-files.js";
import { checkBytes } from "./picture-format.js";
import { digestOf } from "./picture-segment.js";
import { prepareWith } from "./prepare-picture.js";
import { loadSharp } from "./sharp-decoder.js";

/** A picture whose bytes are in the store. */
export interface GatheredPicture extends PictureFile {
  /** Digest of its file: equal for files of one content. */
  readonly content: string;
}

export interface Gathering {
  readonly root: string;
  readonly preparation: PicturePreparation;
  readonly store: PictureStore;
  /** Whether contents are compared, not only sizes and times. */
  readonly verify: boolean;
  readonly onProgress: OnDataProgress;
  readonly signal: AbortSignal | undefined;
}

/** What a file is known by. */
interface FileMark {
  readonly size: number;
  readonly time: number;
}

/** Files that are asked for their size and time at once. */
const statsAtOnce = 64;
/** Between two words of progress, milliseconds. */
const wordEvery = 200;

/**
 * Sees to it that the store has every picture, as it is on disk now: those that it lacks, or knows otherwise, are decoded.
 *
 * @returns those that are there, in the order given, and files that can't be used
 */
export async function gatherPictures(
  files: readonly PictureFile[],
  gathering: Gathering,
): Promise<{ readonly pictures: readonly GatheredPicture[]; readonly skipped: readonly SkippedFile[] }> {
  const { store, verify, signal } = gathering;
  const contents = new Map<string, string>();
  const problems = new Map<string, string>();
  const unread: { readonly path: string; readonly mark: FileMark }[] = [];
  const paths = [...new Set(files.map(({ path }) => path))];
  const look = async (path: string): Promise<void> => {
    const mark = await markOf(join(gathering.root, path));
    if (typeof mark === "string") return void problems.set(path, mark);
    const known = store.find(path);
    if (!verify && known?.size === mark.size && known.time === mark.time) contents.set(path, known.content);
    else unread.push({ path, mark });
  };
  await inParallel(paths, statsAtOnce, look, signal);
  try {
    await readAll(unread, gathering, contents, problems);
  } finally {
    // What was decoded before a failure or a stop needn't be decoded again.
    await store.flush();
  }
  const pictures = files.flatMap((file) => {
    const content = contents.get(file.path);
    return content === undefined ? [] : [{ ...file, content }];
  });
  const skipped = paths.flatMap((path) => {
    const reason = problems.get(path);
    return reason === undefined ? [] : [{ path, reason }];
  });
  return { pictures, skipped };
}

async function readAll(
  unread: readonly { readonly path: string; readonly mark: FileMark }[],
  { root, preparation, store, verify, onProgress, signal }: Gathering,
  contents: Map<string, string>,
  problems: Map<string, string>,
): Promise<void> {
  if (unread.length === 0) return;
  const sharp = await loadSharp();
  const began = performance.now();
  let done = 0;
  let told = began;
  const tell = (): void => {
    const now = performance.now();
    if (now - told < wordEvery && done < unread.length) return;
    told = now;
    onProgress({ type: "pictures", done, total: unread.length, perSecond: done / ((now - began) / 1000) });
  };
  const read = async ({ path, mark }: { readonly path: string; readonly mark: FileMark }): Promise<void> => {
    try {
      const bytes = await readPicture(join(root, path));
      const content = digestOf(bytes);
      const known = verify ? store.find(path) : undefined;
      const unchanged = known?.content === content && known.size === mark.size && known.time === mark.time;
      if (!unchanged)
        await store.add({ path, content, ...mark }, await prepareWith(sharp, bytes, preparation));
      contents.set(path, content);
    } catch (error) {
      if (!(error instanceof PictureError)) throw error;
      problems.set(path, error.reason);
    }
    done++;
    tell();
  };
  await inParallel(unread, usableProcessors() + 1, read, signal);
}

/** Faults of the file, not of the system. */
const faultsOfFile = [
  "ENOENT",
  "EACCES",
  "EPERM",
  "ELOOP",
  "ENOTDIR",
  "ENAMETOOLONG",
  "ERR_INVALID_ARG_VALUE",
];

/** A file's mark, or why there is none. */
async function markOf(place: string): Promise<FileMark | string> {
  try {
    const found = await stat(place);
    if (!found.isFile()) return "it is no file";
    return { size: found.size, time: found.mtimeMs };
  } catch (cause) {
    if (faultsOfFile.includes(errorCode(cause) ?? "")) return fileErrorWords(cause);
    throw readError(place, cause);
  }
}

/** @throws PictureError where the file can't be read or is too large */
export async function readPicture(place: string): Promise<Uint8Array> {
  try {
    const file = await open(place, "r");
    try {
      checkBytes((await file.stat()).size);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof HeddleError) throw cause;
    if (!faultsOfFile.includes(errorCode(cause) ?? "")) throw readError(place, cause);
    throw new PictureError(`${fileErrorWords(cause)}${addressHint(place)}`, { cause });
  }
}

/** An address is no path. */
const addressHint = (place: string): string =>
  /^(https?|data|blob):/i.test(place) ? ", and nothing is fetched" : "";

/**
 * Says what is left out.
 *
 * @throws HeddleError where it is more than the share that may be
 */
export function checkSkipped(
  name: string,
  skipped: readonly SkippedFile[],
  files: number,
  skipShare: number,
  onProgress: OnDataProgress,
): void {
  if (skipped.length === 0) return;
  const some = someOf(skipped.map(({ path, reason }) => `${path} (${reason})`));
  if (skipped.length > skipShare * files) {
    throw new SkippedPicturesError(
      `${name}: ${skipped.length} of ${plural(files, "file")} can't be used, and a share of ${percent(skipShare, 0)} may be left out (skipShare): ${some}. Mend or remove them, or let more be left out.`,
    );
  }
  onProgress({
    type: "warning",
    message: `${name}: ${plural(skipped.length, "file")} of ${plural(files, "file")} left out: ${some}.`,
  });
}
