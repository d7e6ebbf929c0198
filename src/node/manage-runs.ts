import { lstat, readlink, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, normalize, resolve } from "node:path";
import { HeddleError } from "../core/errors.js";
import { checkValue, text } from "../core/options/index.js";
import * as run from "../run/manage-runs.js";
import { diskStore } from "./disk-store.js";
import { errorCode, writeError } from "./file-errors.js";
import { lockName } from "./lock.js";
import { folderKind } from "./run-options.js";
import { isWrittenPage } from "./written-page.js";

const reportFile = "report.html";

/**
 * Deletes a run: the files that training, judging and reporting left in its folder, and the folder where nothing else
 * is in it. Other files stay, and are told.
 *
 * @throws RunError where there is no run. @throws LockedError where it is being trained. @throws HeddleError where a
 * file can't be deleted
 */
export async function deleteRun(folder: string): Promise<run.DeletedRun> {
  const store = diskStore(checkValue("deleteRun", "folder", folder, folderKind));
  if ((await lstat(folder).catch(() => undefined))?.isSymbolicLink()) {
    throw new HeddleError(
      `${folder} is a link to ${await readlink(folder)}. Delete the run by its own folder.`,
    );
  }
  const files = (await store.list())?.filter(({ kind }) => kind === "file") ?? [];
  const isReported =
    files.some(({ name }) => name === reportFile) && (await isWrittenPage(store.place(reportFile)));
  return run.deleteRun(store, isReported ? [reportFile] : []);
}

/**
 * Keeps a note with a run, in the place of the one before; an empty one takes it away.
 *
 * @throws RunError where there is no run. @throws UsageError on what is no text. @throws HeddleError on one that is too long
 */
export async function noteRun(folder: string, note: string): Promise<void> {
  await run.noteRun(diskStore(checkValue("noteRun", "folder", folder, folderKind)), note);
}

const nameKind = text(/^(?!\.{1,2}$)[^/\\\p{Cc}]{1,200}$/u, "the name of a folder, without a path");

/**
 * Gives a run's folder another name, beside where it is.
 *
 * @returns the folder's new path
 * @throws UsageError on what is no name. @throws RunError where there is no run. @throws LockedError where it is being
 * trained. @throws HeddleError where something has that name already
 */
export async function renameRun(folder: string, name: string): Promise<string> {
  const given = normalize(checkValue("renameRun", "folder", folder, folderKind));
  // Where we are has its name in the folder above.
  const from = /^\.{1,2}$/.test(basename(given)) ? resolve(given) : given;
  const store = diskStore(from);
  const wanted = join(dirname(from), checkValue("renameRun", "name", name, nameKind));
  await run.requireRun(store);
  await refuseTaken(wanted);
  const lock = await store.lock();
  try {
    // Once more: it is the last moment in which something may have come there.
    await refuseTaken(wanted);
    await rename(from, wanted).catch((cause: unknown) => {
      throw writeError(wanted, cause);
    });
    // It has gone along.
    await rm(join(wanted, lockName), { force: true });
  } finally {
    await lock.release();
  }
  return wanted;
}

async function refuseTaken(place: string): Promise<void> {
  const isThere = await stat(place).then(
    () => true,
    (cause: unknown) => {
      if (errorCode(cause) === "ENOENT") return false;
      throw writeError(place, cause);
    },
  );
  if (isThere) {
    throw new HeddleError(`${place} exists already, and nothing is ever written over. Choose another name.`);
  }
}
