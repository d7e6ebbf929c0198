import type { Dirent } from "node:fs";
import { readdir, realpath, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { HeddleError } from "../../core/errors.js";
import { listed, plural } from "../../core/words.js";
import { errorCode, fileErrorWords, readError } from "../file-errors.js";
import {
  byCodeUnit,
  isHiddenName,
  isPictureName,
  type PictureFile,
  type PicturePart,
  partOfName,
  type SkippedFile,
} from "./picture-files.js";

/** What stands in a folder of pictures. */
export interface ListedFolder {
  /** The folder's own place, every link followed. */
  readonly root: string;
  /** In an order that the names alone decide. */
  readonly files: readonly PictureFile[];
  readonly skipped: readonly SkippedFile[];
  /** Class folders without a picture, from the root. */
  readonly empty: readonly string[];
  /** Pictures beside the folders of classes, from the root: they have no class. */
  readonly loose: readonly string[];
  /** Folders beside those of parts, which are passed over. */
  readonly others: readonly string[];
  /** Folders of parts that are there. */
  readonly parts: ReadonlySet<PicturePart>;
}

/**
 * Lists a folder with a folder a class, or with `train`, `validation` (or `valid`, `val`) and `test` of such. What lies
 * deeper belongs to the class that it lies in. Names that begin with a dot, those of the system, and files that aren't
 * named as pictures are passed over; a link is followed to a file within the folder alone.
 *
 * @throws HeddleError where a folder can't be read, holds no folders, or has one part under two names
 */
export async function listImageFolder(folder: string, signal?: AbortSignal): Promise<ListedFolder> {
  const root = await realpath(folder).catch((cause: unknown) => {
    throw notThere(folder, cause);
  });
  const tops = await foldersIn(root);
  if (tops.length === 0) {
    const link = await linkToFolder(root);
    if (link !== undefined) {
      throw new HeddleError(
        `${folder} holds no folders but links to some, such as ${link}, and those aren't followed. Put the folders themselves there, or list their pictures in a CSV.`,
      );
    }
    throw new HeddleError(
      `${folder} holds no folders: expected one a class with pictures in it, or train, validation and test with such folders.`,
    );
  }
  const walk = new Walk(root, signal);
  const parts = await partFolders(root, tops);
  if (parts) {
    refusePartTwice(root, tops);
    await walk.besideParts(root);
  }
  for (const [part, name] of parts ?? [[undefined, ""] as const]) {
    const classes = part ? await foldersIn(join(root, name)) : tops;
    for (const label of classes) await walk.classFolder(join(root, name, label), label, part);
    await walk.besideClasses(join(root, name));
  }
  const others = parts ? tops.filter((name) => !partOfName(name)) : [];
  return { ...walk, root, others, parts: new Set(parts?.keys()) };
}

/** Whether a path is a folder with pictures in folders a class. It is told by names alone. */
export async function looksLikeImageFolder(path: string): Promise<boolean> {
  try {
    const root = await realpath(path);
    const tops = await foldersIn(root);
    const parts = await partFolders(root, tops);
    const folders = parts
      ? (
          await Promise.all(
            [...parts.values()].map(async (part) =>
              (await foldersIn(join(root, part))).map((name) => join(part, name)),
            ),
          )
        ).flat()
      : tops;
    for (const folder of folders) if (await holdsPicture(join(root, folder), 3)) return true;
    return false;
  } catch {
    return false;
  }
}

async function holdsPicture(folder: string, depth: number): Promise<boolean> {
  // What can't be read is said when it is listed.
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  if (entries.some((entry) => !entry.isDirectory() && !isHiddenName(entry.name) && isPictureName(entry.name)))
    return true;
  if (depth === 0) return false;
  for (const entry of entries) {
    if (
      entry.isDirectory() &&
      !isHiddenName(entry.name) &&
      (await holdsPicture(join(folder, entry.name), depth - 1))
    )
      return true;
  }
  return false;
}

function notThere(folder: string, cause: unknown): HeddleError {
  return new HeddleError(`The folder of pictures ${folder} can't be read: ${fileErrorWords(cause)}.`, {
    cause,
  });
}

/** Real folders, in the order of their names. */
async function foldersIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw notThere(folder, cause);
  });
  return entries
    .filter((entry) => entry.isDirectory() && !isHiddenName(entry.name))
    .map(({ name }) => name)
    .sort(byCodeUnit);
}

/** The first link to a folder, which somebody may mean for one of a class. */
async function linkToFolder(folder: string): Promise<string | undefined> {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const { name } of entries.filter((entry) => entry.isSymbolicLink())) {
    const found = await stat(join(folder, name)).catch(() => undefined);
    if (found?.isDirectory()) return name;
  }
  return undefined;
}

/**
 * The folders of parts, if that is what the folders are: there is one to train on with folders in it. Otherwise `train`
 * is a class as `tram` is.
 */
async function partFolders(
  root: string,
  tops: readonly string[],
): Promise<Map<PicturePart, string> | undefined> {
  const parts = new Map<PicturePart, string>();
  for (const name of tops) {
    const part = partOfName(name);
    if (part && !parts.has(part)) parts.set(part, name);
  }
  const train = parts.get("train");
  if (train === undefined) return undefined;
  return (await foldersIn(join(root, train))).length > 0 ? parts : undefined;
}

/** @throws HeddleError where a part's folder is there under two names */
function refusePartTwice(root: string, tops: readonly string[]): void {
  for (const [at, name] of tops.entries()) {
    const part = partOfName(name);
    const other = part && tops.slice(0, at).find((each) => partOfName(each) === part);
    if (other === undefined) continue;
    throw new HeddleError(`${root} holds ${other} and ${name}, which are one part. Keep one of them.`);
  }
}

class Walk {
  readonly files: PictureFile[] = [];
  readonly loose: string[] = [];
  readonly skipped: SkippedFile[] = [];
  readonly empty: string[] = [];
  readonly #root: string;
  readonly #signal: AbortSignal | undefined;

  constructor(root: string, signal: AbortSignal | undefined) {
    this.#root = root;
    this.#signal = signal;
  }

  async classFolder(folder: string, label: string, part: PicturePart | undefined): Promise<void> {
    const before = this.files.length;
    await this.#visit(folder, label, part);
    if (this.files.length === before) this.empty.push(this.#shown(folder));
  }

  /** Where classes' folders are: links that may be meant for one, and pictures. */
  async besideClasses(folder: string): Promise<void> {
    for (const entry of await this.#entriesOf(folder)) await this.#beside(entry, folder);
  }

  /** Where parts' folders are: the same, but what is named as no part needn't be one. */
  async besideParts(root: string): Promise<void> {
    for (const entry of await this.#entriesOf(root)) {
      if (isPictureName(entry.name) || partOfName(entry.name)) await this.#beside(entry, root);
    }
  }

  /** Links may lead in a circle and aren't followed, but somebody means them. */
  async #beside(entry: Dirent, folder: string): Promise<void> {
    if (entry.isDirectory()) return;
    const place = join(folder, entry.name);
    const reason = entry.isSymbolicLink() ? await whyNoFolder(place) : undefined;
    if (reason) this.skipped.push({ path: this.#shown(place), reason });
    else if (isPictureName(entry.name)) this.loose.push(this.#shown(place));
  }

  async #visit(folder: string, label: string, part: PicturePart | undefined): Promise<void> {
    this.#signal?.throwIfAborted();
    for (const entry of await this.#entriesOf(folder)) {
      const place = join(folder, entry.name);
      if (entry.isDirectory()) await this.#visit(place, label, part);
      else if (isPictureName(entry.name)) {
        const path = this.#shown(place);
        const reason = await whyNot(entry, place, this.#root);
        if (reason) this.skipped.push({ path, reason });
        else this.files.push({ path, label, part });
      }
    }
  }

  /** What isn't hidden, in the order of the names. */
  async #entriesOf(folder: string): Promise<readonly Dirent[]> {
    const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
      throw readError(folder, cause);
    });
    return entries.filter(({ name }) => !isHiddenName(name)).sort((a, b) => byCodeUnit(a.name, b.name));
  }

  #shown(place: string): string {
    return shownPath(this.#root, place);
  }
}

/** Why a link is none of the folders beside it; undefined of one that leads to a file. */
async function whyNoFolder(place: string): Promise<string | undefined> {
  try {
    return (await stat(place)).isDirectory() ? "it is a link to a folder, which isn't followed" : undefined;
  } catch (cause) {
    return brokenLink(cause);
  }
}

const brokenLink = (cause: unknown): string =>
  errorCode(cause) === "ENOENT" ? "it is a link to what isn't there" : fileErrorWords(cause);

async function whyNot(entry: Dirent, place: string, root: string): Promise<string | undefined> {
  if (entry.isFile()) return undefined;
  if (!entry.isSymbolicLink()) return "it is no file";
  return linkProblem(place, root);
}

/** Why a link isn't followed; undefined where it leads to a file within the folder. */
export async function linkProblem(place: string, root: string): Promise<string | undefined> {
  try {
    const target = await realpath(place);
    if (!isWithin(root, target)) return "it is a link that leads out of the folder";
    return (await stat(target)).isFile() ? undefined : "it is a link to what is no file";
  } catch (cause) {
    return brokenLink(cause);
  }
}

export const isWithin = (root: string, place: string): boolean =>
  place.startsWith(root.endsWith(sep) ? root : root + sep);

/** A path from a folder, with slashes on every system. */
export const shownPath = (root: string, place: string): string => relative(root, place).split(sep).join("/");

/** Some of many, for messages of one line: the first few, and how many there are besides. */
export function someOf(words: readonly string[], most = 5): string {
  const shown = words.slice(0, most).map((word) => word.replaceAll("\n", "\\n").replaceAll("\t", "\\t"));
  if (words.length <= most) return listed(shown);
  return `${shown.join(", ")} and ${plural(words.length - most, "other")}`;
}
