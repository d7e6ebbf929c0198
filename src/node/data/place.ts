import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { HeddleError } from "../../core/errors.js";
import { errorCode, readError } from "../file-errors.js";

/** Where data is said to be: a file, or a folder with what lies in it. */
export interface Place {
  /** As it was given. */
  readonly path: string;
  /** What the data set is called. */
  readonly name: string;
  readonly isFolder: boolean;
  /** The folder's files, by their paths within it, parted by slashes and in order; of a file its own name. */
  readonly files: readonly string[];
  /** The path of one of them, as it is opened and as errors name it. */
  pathOf(file: string): string;
}

/** torchvision puts raw/ into the folder of a data set, and that beside others. */
const deepest = 3;
/** A folder of pictures can hold any number of files; what tells its kind is among the first. */
const mostFiles = 200_000;

/**
 * Looks what lies at a path. One that ends in the beginning of files' names stands for those:
 * `data/emnist-letters` for data/emnist-letters-train-images-idx3-ubyte and its like.
 *
 * @throws HeddleError where nothing is there, or it can't be read
 */
export async function lookAt(path: string): Promise<Place> {
  const name = basename(resolve(path));
  const found = await stat(path).catch((cause: Error) => cause);
  if (found instanceof Error) {
    const beginning = errorCode(found) === "ENOENT" ? await filesBeginning(path) : [];
    if (beginning.length === 0) throw readError(path, found);
    return { path, name, isFolder: true, files: beginning, pathOf: (file) => join(dirname(path), file) };
  }
  if (!found.isDirectory()) {
    // Reading a pipe or a device might never end.
    if (!found.isFile()) throw new HeddleError(`${path} is neither a file nor a folder.`);
    return { path, name: withoutEnding(name), isFolder: false, files: [name], pathOf: () => path };
  }
  const files: string[] = [];
  const unread: unknown[] = [];
  await listFiles(path, "", 1, { files, unread });
  // One that lies beside the data needn't be anybody's to read, but where nothing else is it may be the data.
  if (files.length === 0 && unread.length > 0) throw unread[0];
  return { path, name, isFolder: true, files, pathOf: (file) => join(path, file) };
}

async function listFiles(
  folder: string,
  within: string,
  depth: number,
  found: { readonly files: string[]; readonly unread: unknown[] },
): Promise<void> {
  const { files, unread } = found;
  const place = within === "" ? folder : join(folder, within.slice(0, -1));
  const entries = await readdir(place, { withFileTypes: true }).catch((cause: unknown) => {
    if (depth === 1) throw readError(place, cause);
    unread.push(readError(place, cause));
    return [];
  });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    if (files.length >= mostFiles) return;
    // What is hidden is a program's own; links to folders may lead anywhere.
    if (entry.name.startsWith(".")) continue;
    if (entry.isFile() || entry.isSymbolicLink()) files.push(within + entry.name);
    else if (entry.isDirectory() && depth < deepest)
      await listFiles(folder, `${within}${entry.name}/`, depth + 1, found);
  }
}

async function filesBeginning(path: string): Promise<readonly string[]> {
  const entries = await readdir(dirname(path), { withFileTypes: true }).catch(() => []);
  const start = basename(path);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map(({ name }) => name)
    .filter((name) => name.startsWith(start) && /^[-_.]/.test(name.slice(start.length)))
    .sort();
}

const withoutEnding = (name: string): string =>
  name.replace(/(\.(npz|npy|csv|jsonl|ndjson|tar|tgz|gz))+$/i, "");

/** The last part of a file's path within its place. */
export const fileName = (file: string): string => file.slice(file.lastIndexOf("/") + 1);

/** The rest of it, with its slash; the empty text where it lies in the place itself. */
export const folderOf = (file: string): string => file.slice(0, file.lastIndexOf("/") + 1);

/** Which part of a data set a name speaks of, as a word in it; undefined where of none. */
export function partOfName(name: string): "train" | "validation" | "test" | undefined {
  const words = name.toLowerCase().split(/[^a-z0-9]+/);
  const has = (...known: string[]): boolean => known.some((word) => words.includes(word));
  if (has("train", "training")) return "train";
  if (has("validation", "valid", "val")) return "validation";
  return has("test", "testing", "t10k") ? "test" : undefined;
}
