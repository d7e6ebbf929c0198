import { accessSync, constants, existsSync } from "node:fs";
import { dirname } from "node:path";
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

/** @throws HeddleError where a file stands in the place of one to write, unless it may be replaced, or can't be written */
export function refuseExisting(file: string, overwrite: boolean): void {
  refuseNoFolder(file);
  if (overwrite || !existsSync(file)) return;
  throw new HeddleError(
    `${file} is there already and was left as it is: name another file, or say --overwrite.`,
  );
}
