import { existsSync } from "node:fs";
import { HeddleError } from "../core/errors.js";

/** @throws HeddleError where a file stands in the place of one to write, unless it may be replaced */
export function refuseExisting(file: string, overwrite: boolean): void {
  if (overwrite || !existsSync(file)) return;
  throw new HeddleError(
    `${file} is there already and was left as it is: name another file, or say --overwrite.`,
  );
}
