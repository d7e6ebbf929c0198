import { existsSync } from "node:fs";
import { HeddleError } from "../core/errors.js";
import { isWrittenPage } from "../node/written-page.js";
import { refuseFolder, refuseNoFolder } from "./output-file.js";

export interface PagePlace {
  /** Whether a file that is no page of heddle's may be replaced. */
  readonly overwrite: boolean;
  /** What the page is called where nobody says: for messages. */
  readonly usual: string;
}

/** @throws HeddleError where something stands in a page's place that heddle didn't write, or its folder isn't there. */
export async function refuseOther(file: string, { overwrite, usual }: PagePlace): Promise<void> {
  refuseFolder(file, usual);
  if (!existsSync(file)) return refuseNoFolder(file);
  if (overwrite || (await isWrittenPage(file))) return;
  throw new HeddleError(
    `${file} is there already, is no report of heddle's, and was left as it is: name another file, or say --overwrite.`,
  );
}
