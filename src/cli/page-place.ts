import { stat } from "node:fs/promises";
import { join } from "node:path";
import { HeddleError } from "../core/errors.js";
import { errorCode, fileErrorWords } from "../node/file-errors.js";
import { isWrittenPage } from "../node/written-page.js";
import { refuseNoFolder } from "./output-file.js";

export interface PagePlace {
  /** Whether a file that is no page of heddle's may be replaced. */
  readonly overwrite: boolean;
  /** What the page is called where nobody says: for messages. */
  readonly usual: string;
}

/** @throws HeddleError where something stands in a page's place that heddle didn't write, or its folder isn't there. */
export async function refuseOther(file: string, { overwrite, usual }: PagePlace): Promise<void> {
  const found = await stat(file).catch((cause: unknown) => {
    if (errorCode(cause) === "ENOENT") return undefined;
    throw new HeddleError(`${file} can't be written: ${fileErrorWords(cause)}. Choose another place.`, {
      cause,
    });
  });
  if (!found) return refuseNoFolder(file);
  if (found.isDirectory()) {
    throw new HeddleError(`${file} is a folder: expected the name of a file, such as ${join(file, usual)}.`);
  }
  if (overwrite || (await isWrittenPage(file))) return;
  throw new HeddleError(
    `${file} is there already, is no report of heddle's, and was left as it is: name another file, or say --overwrite.`,
  );
}
