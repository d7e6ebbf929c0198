import { lstat, readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileErrorWords } from "../file-errors.js";
import { linkProblem } from "../pictures/list-folder.js";
import { PictureError } from "../pictures/picture-error.js";
import { byCodeUnit, isHiddenName, isPictureName } from "../pictures/picture-files.js";
import { type GlobPart, globParts } from "./glob.js";

/** A file to try, or why there is none under a name. */
export interface FoundPicture {
  readonly path: string;
  readonly error?: PictureError;
}

/**
 * The pictures that a name stands for: a file is itself, whatever it is called; of a folder all files named as pictures, deeper ones too, in the
 * order of their names; of a name with `*`, `?`, `[…]` or `**` that no file has, all that match it. What isn't there, or can't be listed, is an error
 * in its place. Names that begin with a dot and those of the system are passed over in folders; a link is followed to a file within the folder alone.
 */
export async function* findPictures(name: string): AsyncGenerator<FoundPicture> {
  const about = await stat(name).catch(() => undefined);
  if (about?.isDirectory()) yield* inFolder(name);
  else if (about || !globParts(name)) yield { path: name };
  else yield* matching(name);
}

async function* inFolder(folder: string): AsyncGenerator<FoundPicture> {
  let root: string;
  try {
    root = await realpath(folder);
  } catch (cause) {
    yield broken(folder, cause);
    return;
  }
  yield* walk(folder, root);
}

async function* walk(folder: string, root: string): AsyncGenerator<FoundPicture> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => cause);
  if (!Array.isArray(entries)) {
    yield broken(folder, entries);
    return;
  }
  for (const entry of entries.sort((a, b) => byCodeUnit(a.name, b.name))) {
    if (isHiddenName(entry.name)) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path, root);
    else if (isPictureName(entry.name)) {
      const problem = entry.isSymbolicLink() ? await linkProblem(path, root) : undefined;
      const reason = problem ?? (entry.isFile() || entry.isSymbolicLink() ? undefined : "it is no file");
      yield reason === undefined ? { path } : { path, error: new PictureError(reason) };
    }
  }
}

async function* matching(pattern: string): AsyncGenerator<FoundPicture> {
  const parts = globParts(pattern)!;
  let found = false;
  // Folders that match are looked through, and what is in them may match by itself.
  const given = new Set<string>();
  for await (const path of expand(parts.root, parts.parts)) {
    found = true;
    for await (const picture of findPictures(path === "" ? "." : path)) {
      if (given.has(picture.path)) continue;
      given.add(picture.path);
      yield picture;
    }
  }
  if (!found) yield { path: pattern, error: new PictureError("nothing has a name like that") };
}

/** Paths that match what is left of a pattern, in the order of their names. */
async function* expand(folder: string, parts: readonly GlobPart[]): AsyncGenerator<string> {
  const [part, ...rest] = parts;
  if (part === undefined) {
    yield folder;
    return;
  }
  if (part === "**") {
    yield* expand(folder, rest);
    for (const name of await namesIn(folder)) {
      const path = join(folder, name);
      if (!isHiddenName(name) && (await isFolder(path))) yield* expand(path, parts);
    }
    return;
  }
  if (typeof part === "string") {
    const path = join(folder, part);
    if (await lstat(path).catch(() => undefined)) yield* expand(path, rest);
    return;
  }
  for (const name of await namesIn(folder)) if (part.test(name)) yield* expand(join(folder, name), rest);
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder === "" ? "." : folder).catch((): string[] => []);
  return names.sort(byCodeUnit);
}

/** Links to folders are not gone into: they may lead in a circle. */
const isFolder = async (path: string): Promise<boolean> =>
  (await lstat(path).catch(() => undefined))?.isDirectory() ?? false;

const broken = (path: string, cause: unknown): FoundPicture => ({
  path,
  error: new PictureError(fileErrorWords(cause), { cause }),
});
