import type { PartName } from "../../../core/data/assemble.js";
import { fileName, folderOf, type Place, partOfName } from "../place.js";

/** What a file in the format of MNIST holds, by its name. */
export interface IdxFile {
  /** Its path within the place. */
  readonly file: string;
  readonly part: PartName;
  readonly what: "images" | "labels";
  /** Where the files that belong to it are, and what their names begin with. */
  readonly group: string;
}

/**
 * MNIST's names and their variants in use: a dot for the dash, `test` for `t10k`, 4 axes for 3, a prefix such as
 * `emnist-letters-`, packed or not.
 */
const pattern =
  /^(?<prefix>(.*[-_.])?)(?<part>train|t10k|test|validation|valid|val)[-_.](?<what>images|labels)[-_.]idx\d?[-_]?ubyte(\.gz)?$/i;

/** The files of a place whose names are those of IDX files. */
export function idxFiles({ files }: Place): IdxFile[] {
  return files.flatMap((file): IdxFile[] => {
    const { prefix, part, what } = pattern.exec(fileName(file))?.groups ?? {};
    const partName = part && partOfName(part);
    if (!partName) return [];
    // Some archives unpack each file into a folder of its own that has its name.
    const folder = folderOf(file);
    const container = pattern.test(fileName(folder.slice(0, -1))) ? folderOf(folder.slice(0, -1)) : folder;
    return [{ file, part: partName, what: what.toLowerCase() as IdxFile["what"], group: container + prefix }];
  });
}

/** The name of a file of MNIST's for a part, as its publishers have it. */
export const usualIdxName = (part: PartName, what: IdxFile["what"]): string =>
  `${{ train: "train", validation: "val", test: "t10k" }[part]}-${what}-idx${what === "images" ? 3 : 1}-ubyte`;
