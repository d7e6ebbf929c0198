import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { HeddleError } from "../../core/errors.js";
import { type Lock, LockedError } from "../../run/store.js";
import { fileErrorWords } from "../file-errors.js";
import { lockFolder } from "../lock.js";
import { makeFolders } from "../make-folders.js";
import { writeFileWhole } from "../write-file.js";
import type { OnDataProgress } from "./progress.js";

/** Where data sets are kept: $HEDDLE_DATA, else the platform's folder for what can be fetched again. */
export function cacheFolder(
  environment: Readonly<Record<string, string | undefined>> = process.env,
  platform: NodeJS.Platform = process.platform,
  home: string = homedir(),
): string {
  if (environment.HEDDLE_DATA) return resolve(environment.HEDDLE_DATA);
  if (platform === "darwin") return join(home, "Library", "Caches", "heddle");
  if (platform === "win32") {
    return join(environment.LOCALAPPDATA || join(home, "AppData", "Local"), "heddle");
  }
  return join(environment.XDG_CACHE_HOME || join(home, ".cache"), "heddle");
}

/** Writes a file of the cache, and its folder where that is missing. @throws CacheError */
export async function writeCacheFile(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await makeFolders(dirname(path));
    await writeFileWhole(path, bytes);
  } catch (error) {
    throw new CacheError(path, error instanceof HeddleError ? error.cause : error);
  }
}

/** Who else fetches is looked after this often, milliseconds. */
const patience = 300;

/**
 * Makes sure that one process at a time fetches into a folder of the cache: waits for another one, then takes away
 * what those before left half-written.
 *
 * @returns a lock, and whether another process was waited for, which may have fetched what is wanted
 * @throws CacheError when the folder can't be made. The signal's reason when it says to stop.
 */
export async function lockCache(
  folder: string,
  onProgress: OnDataProgress,
  signal?: AbortSignal,
): Promise<Lock & { readonly waited: boolean }> {
  for (let waited = false; ; waited = true) {
    try {
      return { ...(await lockFolder(folder, "fetching.lock")), waited };
    } catch (error) {
      if (!(error instanceof LockedError)) {
        throw new CacheError(folder, error instanceof HeddleError ? error.cause : error);
      }
      if (!waited) onProgress({ type: "notice", message: `Waiting for another download. ${error.message}` });
    }
    await setTimeout(patience, undefined, { signal }).catch((error: unknown) => {
      signal?.throwIfAborted();
      throw error;
    });
  }
}

/** The cache can't be written: no source can mend that. */
export class CacheError extends HeddleError {
  override readonly name: string = "CacheError";

  constructor(path: string, cause: unknown) {
    super(
      `The data cache can't be written at ${path}: ${fileErrorWords(cause)}. Set HEDDLE_DATA to a folder that can, with room for it, or give another cacheFolder where one was given.`,
      { cause },
    );
  }
}
