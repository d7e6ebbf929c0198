import { randomBytes } from "node:crypto";
import { open as openFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { HeddleError } from "../core/errors.js";
import { errorCode, fileErrorWords } from "./data/read-file.js";

/** What a test puts in place of the disk. */
export interface FileSystem {
  open(path: string, flags: string): Promise<WritableFile>;
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
 *
 * @throws HeddleError naming the file, what is wrong, and what to do.
 */
export async function writeFileWhole(
  path: string,
  content: Uint8Array | string,
  fileSystem: FileSystem = disk,
): Promise<void> {
  const beside = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString("hex")}.tmp`);
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  try {
    const file = await fileSystem.open(beside, "w");
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await fileSystem.rename(beside, path);
    await syncFolder(dirname(path), fileSystem);
  } catch (cause) {
    await fileSystem.remove(beside).catch(() => undefined);
    throw writeError(path, cause);
  }
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

/** What to say when a file or folder can't be written. */
export function writeError(path: string, cause: unknown): HeddleError {
  const code = errorCode(cause);
  const words = code === "EFBIG" ? "it is larger than this disk or a limit allows" : fileErrorWords(cause);
  return new HeddleError(`${path} can't be written: ${words}. ${remedy(code)}`, { cause });
}

function remedy(code: string | undefined): string {
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
    case "EFBIG":
      return "Free some space or choose a folder on another disk; what was saved before is unharmed.";
    case "EACCES":
    case "EPERM":
    case "EROFS":
      return "Choose a folder that you may write to.";
    default:
      return "Choose another place.";
  }
}
