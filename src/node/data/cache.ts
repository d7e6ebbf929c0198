import { mkdir } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { HeddleError } from "../../core/errors.js";
import { fileErrorWords } from "../file-errors.js";
import { writeFileWhole } from "../write-file.js";

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
    await mkdir(dirname(path), { recursive: true });
    await writeFileWhole(path, bytes);
  } catch (error) {
    throw new CacheError(path, error instanceof HeddleError ? error.cause : error);
  }
}

/** The cache can't be written: no source can mend that. */
export class CacheError extends HeddleError {
  constructor(path: string, cause: unknown) {
    super(
      `The data cache can't be written at ${path}: ${fileErrorWords(cause)}. Set HEDDLE_DATA to a folder that can, with 100 MB free.`,
      { cause },
    );
  }
}
