import { mkdir, readdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { HeddleError } from "../../core/errors.js";
import { errorCode, writeError } from "../file-errors.js";
import { isLeftover } from "../write-file.js";

/** In a run folder while a process trains there. */
export const runLockName = "run.lock";

/** Whether a folder holds nothing but what a run leaves that is cut off before its configuration is written. */
export async function isUnbegun(path: string): Promise<boolean> {
  const names = await readdir(path).catch(() => undefined);
  return names?.every((name) => name.startsWith(runLockName) || isLeftover(name)) ?? false;
}

/** Gives false where something is there. */
export async function makeNew(path: string): Promise<boolean> {
  try {
    await mkdir(path);
    return true;
  } catch (cause) {
    if (errorCode(cause) === "EEXIST") return false;
    throw writeError(path, cause);
  }
}

export async function makeParent(path: string): Promise<void> {
  const parent = dirname(path);
  await mkdir(parent, { recursive: true }).catch((cause: unknown) => {
    if (errorCode(cause) !== "EEXIST") throw writeError(parent, cause);
    throw new HeddleError(`${parent} is a file, so no run can be kept in it. Choose another folder.`, {
      cause,
    });
  });
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

export function existsError(path: string): HeddleError {
  return new HeddleError(
    `${path} exists already, and a run is never written over. Choose another folder, or move that one away.`,
  );
}
