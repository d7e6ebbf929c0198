import { accessSync, constants, lstatSync, type Stats, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { HeddleError } from "../core/errors.js";
import { writeError } from "../node/file-errors.js";

/** @throws HeddleError where no file can be written for want of a folder: before the work, not after it */
export function refuseNoFolder(file: string): void {
  try {
    accessSync(`${dirname(file)}/.`, constants.W_OK);
  } catch (cause) {
    throw writeError(file, cause);
  }
}

export interface FilePlace {
  /** Whether what is there may be replaced. */
  readonly overwrite: boolean;
  /** What such a file is called where nobody says, for messages; absent where a folder may be asked for too. */
  readonly usual?: string;
}

/** @throws HeddleError where something stands in the place of a file to write, unless it may be replaced, or can't be written */
export function refuseExisting(file: string, { overwrite, usual }: FilePlace): void {
  if (usual !== undefined) refuseFolder(file, usual);
  const before = statsOf(file);
  // A device or a pipe takes what is written into it, and nothing is lost.
  if (before && !before.isFile() && !before.isDirectory()) return;
  refuseNoFolder(file);
  if (overwrite || !(before ?? lstatSync(file, { throwIfNoEntry: false }))) return;
  throw new HeddleError(
    `${file} is there already and was left as it is: name another file, or say --overwrite.`,
  );
}

/** @throws HeddleError where a name is no file's, but that of a folder that is there, or may be by its end */
export function refuseFolder(file: string, usual: string): void {
  if (!/^$|[/\\]$/u.test(file) && !statsOf(file)?.isDirectory()) return;
  const what = file === "" ? "An empty name is no file's" : `${file} is a folder`;
  throw new HeddleError(`${what}: expected the name of a file, such as ${join(file, usual)}.`);
}

/** Of what a path leads to, links followed; undefined where that is nothing. */
function statsOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (cause) {
    throw writeError(path, cause);
  }
}
