import { existsSync } from "node:fs";
import { HeddleError } from "../core/errors.js";
import { isWrittenPage } from "../node/written-page.js";
import { type FilePlace, refuseFolder, refuseNoFolder } from "./output-file.js";

/** @throws HeddleError where something stands in a page's place that heddle didn't write, or its folder isn't there. */
export async function refuseOther(file: string, { overwrite, usual }: Required<FilePlace>): Promise<void> {
  refuseFolder(file, usual);
  if (!existsSync(file)) return refuseNoFolder(file);
  if (overwrite || (await isWrittenPage(file))) return;
  throw new HeddleError(
    `${file} is there already, is no report of heddle's, and was left as it is: name another file, or say --overwrite.`,
  );
}
