import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errorCode } from "./file-errors.js";

/**
 * Makes a folder and those above it where they aren't there. Node's own `recursive` tries for ever on a file system that
 * makes none and says that the one above is missing, as Linux's /proc does (Node 20).
 *
 * @throws the system's error: EEXIST where the last one is a file, ENOTDIR where one above is
 */
export async function makeFolders(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    if (errorCode(error) === "ENOENT" && dirname(folder) !== folder) {
      await makeFolders(dirname(folder));
      await mkdir(folder).catch((cause: unknown) => refuseFile(folder, cause));
      return;
    }
    await refuseFile(folder, error);
  }
}

/** Another process may have made it meanwhile; a link to a folder is one. */
async function refuseFile(folder: string, error: unknown): Promise<void> {
  const isFolder = await stat(folder).then(
    (about) => about.isDirectory(),
    () => false,
  );
  if (!isFolder) throw error;
}
