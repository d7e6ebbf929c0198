import { mkdir, readdir, readFile, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { HeddleError } from "../core/errors.js";
import type { Store, StoreEntry } from "../run/store.js";
import { errorCode, fileErrorWords, readError, writeError } from "./file-errors.js";
import { lockFolder, lockName } from "./lock.js";
import { makeFolders } from "./make-folders.js";
import { isLeftover, writeFileWhole } from "./write-file.js";

/** A folder. */
export function diskStore(folder: string): Store {
  const place = (file: string): string => join(folder, file);
  return {
    where: folder,
    place,
    within: (name) => diskStore(place(name)),
    list: () => listFolder(folder),
    make: () => makeFolder(folder),
    read: async (file) =>
      readFile(place(file)).catch((cause: unknown) => {
        if (errorCode(cause) === "ENOENT") return undefined;
        throw readError(place(file), cause);
      }),
    write: (file, content) => writeFileWhole(place(file), content),
    rename: async (from, to) =>
      rename(place(from), place(to)).then(
        () => true,
        (cause: unknown) => {
          if (errorCode(cause) === "ENOENT") return false;
          throw writeError(place(to), cause);
        },
      ),
    remove: async (file) =>
      rm(place(file), { force: true }).catch((cause: unknown) => {
        throw new HeddleError(`${place(file)} can't be removed: ${fileErrorWords(cause)}.`, { cause });
      }),
    removeEmpty: () => removeFolder(folder),
    lock: () => lockFolder(folder, lockName),
  };
}

async function listFolder(folder: string): Promise<readonly StoreEntry[] | undefined> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    if (errorCode(cause) === "ENOENT") return undefined;
    throw errorCode(cause) === "ENOTDIR"
      ? new HeddleError(`${folder} is a file; a run is a folder. Give the one that it is kept in.`, { cause })
      : readError(folder, cause);
  });
  const own = entries?.filter(({ name }) => !name.startsWith(lockName) && !isLeftover(name));
  return (
    own &&
    Promise.all(
      own.map(async (entry): Promise<StoreEntry> => {
        const isFolder = entry.isSymbolicLink()
          ? await leadsToFolder(join(folder, entry.name))
          : entry.isDirectory();
        return { name: entry.name, kind: isFolder ? "store" : "file" };
      }),
    )
  );
}

const leadsToFolder = (link: string): Promise<boolean> =>
  stat(link).then(
    (found) => found.isDirectory(),
    () => false,
  );

async function removeFolder(folder: string): Promise<boolean> {
  return rmdir(folder).then(
    () => true,
    (cause: unknown) => {
      if (["ENOENT", "ENOTEMPTY", "EEXIST"].includes(errorCode(cause) ?? "")) return false;
      throw new HeddleError(`${folder} can't be removed: ${fileErrorWords(cause)}.`, { cause });
    },
  );
}

async function makeFolder(folder: string): Promise<boolean> {
  const parent = dirname(folder);
  await makeFolders(parent).catch((cause: unknown) => {
    if (errorCode(cause) !== "EEXIST") throw writeError(parent, cause);
    throw new HeddleError(`${parent} is a file, so no run can be kept in it. Choose another folder.`, {
      cause,
    });
  });
  try {
    await mkdir(folder);
    return true;
  } catch (cause) {
    if (errorCode(cause) === "EEXIST") return false;
    throw writeError(folder, cause);
  }
}
