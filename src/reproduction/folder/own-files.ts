import { join } from "node:path";
import { isWrittenPage } from "../../node/written-page.js";

/** Where a reproduction keeps what `heddle bench … --json` printed. */
export const epochTimesFile = "epoch-times.json";

/** Below a results folder: what its trials came to by earlier versions of the arithmetic. */
export const earlierFolder = "earlier";

const page = "index.html";

/**
 * Whether something beside the trials of a folder is a reproduction's own: epochs measured beforehand, what trials of an
 * earlier arithmetic came to, a page of heddle's, and beside these what is made with them.
 *
 * @param names all that is in the folder
 */
export async function isOwnFile(folder: string, name: string, names: readonly string[]): Promise<boolean> {
  switch (name) {
    case earlierFolder:
    case epochTimesFile:
      return true;
    case page:
      return isWrittenPage(join(folder, page));
    case "tables":
    case "figures":
      return names.includes("trials") || (names.includes(page) && isWrittenPage(join(folder, page)));
    default:
      return false;
  }
}
