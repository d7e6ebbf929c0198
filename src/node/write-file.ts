import { randomBytes } from "node:crypto";
import { open as openFile, readdir, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errorCode, writeError } from "./file-errors.js";

/** What a test puts in place of the disk. */
export interface FileSystem {
  /** @param mode of a file that isn't there yet */
  open(path: string, flags: string, mode?: number): Promise<WritableFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
}

export interface WritableFile {
  writeFile(bytes: Uint8Array): Promise<void>;
  sync(): Promise<void>;
  close(): Promise<void>;
}

const disk: FileSystem = {
  open: openFile,
  rename,
  remove: (path) => rm(path, { force: true }),
};

/**
 * Writes a file beside its place, waits until the disk has it, and renames it there: a reader, or a run cut
 * off at any moment, finds the old content or the new one, whole. Of several who write at once, the last one's stays.
 * What a link leads to is replaced and not the link, by a file of the same mode; a device or a pipe is written into.
 *
 * @throws HeddleError naming the file, what is wrong, and what to do.
 */
export async function writeFileWhole(
  path: string,
  content: Uint8Array | string,
  fileSystem: FileSystem = disk,
): Promise<void> {
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  try {
    const before = await stat(path).catch(() => undefined);
    if (before && !before.isFile() && !before.isDirectory()) return await writeFile(path, bytes);
    const place = before ? await realpath(path) : path;
    const written = (): Promise<boolean> => replace(place, bytes, before?.mode, fileSystem);
    // Who sweeps a folder can take a file that is being written for one left over: it is written again.
    if (!(await written()) && !(await written()))
      throw new Error("what was written beside it was taken away twice");
    await syncFolder(dirname(place), fileSystem);
  } catch (cause) {
    throw writeError(path, cause);
  }
}

/** Gives false where the file beside was gone when it should have been renamed. */
async function replace(
  path: string,
  bytes: Uint8Array,
  mode: number | undefined,
  fileSystem: FileSystem,
): Promise<boolean> {
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString("hex")}.tmp`);
  try {
    const file = await fileSystem.open(beside, "w", mode);
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  } catch (cause) {
    await fileSystem.remove(beside).catch(() => undefined);
    throw cause;
  }
  try {
    await fileSystem.rename(beside, path);
    return true;
  } catch (cause) {
    if (errorCode(cause) === "ENOENT") return false;
    await fileSystem.remove(beside).catch(() => undefined);
    throw cause;
  }
}

const leftover = /^\..+\.[0-9a-f]{8}\.tmp$/;

/** Whether a name is that of a file which `writeFileWhole` writes beside another's place. */
export function isLeftover(name: string): boolean {
  return leftover.test(name);
}

/**
 * Takes away what those left who were cut off in `writeFileWhole`. For who holds the folder's lock: anybody else who
 * is writing there at this moment writes once more.
 */
export async function sweepLeftovers(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  // One that can't be taken away is in nobody's way.
  for (const name of names.filter(isLeftover)) await rm(join(folder, name)).catch(() => undefined);
}

/** Makes the new name last. Windows opens no folders, and some network disks sync none: the file itself is safe. */
async function syncFolder(folder: string, fileSystem: FileSystem): Promise<void> {
  try {
    const opened = await fileSystem.open(folder, "r");
    await opened.sync().finally(() => opened.close());
  } catch (cause) {
    if (!["EISDIR", "EPERM", "EACCES", "EINVAL", "ENOTSUP"].includes(errorCode(cause) ?? "")) throw cause;
  }
}
