import { randomBytes } from "node:crypto";
import { lstat, mkdir, readdir, readFile, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { HeddleError } from "../core/errors.js";
import type { ExportedFile } from "../export/export-source.js";
import { errorCode, writeError } from "./file-errors.js";
import { writeFileWhole } from "./write-file.js";

/** In a folder that was exported: what is in it, so that nothing else is ever replaced with it. */
const listName = "heddle-export.json";

export interface WriteExportOptions {
  /** Whether what was there before may be replaced (default false). */
  readonly overwrite?: boolean;
}

/**
 * Puts exported files where they were asked for, all of them or none: one file in place of the path itself, or a folder
 * of several. A folder is replaced where every file in it was exported there.
 *
 * @throws HeddleError where something is there that may not be replaced, or it can't be written
 */
export async function writeExport(
  path: string,
  files: readonly ExportedFile[],
  options: WriteExportOptions = {},
): Promise<void> {
  await checkExportPlace(path, files.length === 1 && files[0].path === "" ? "file" : "folder", options);
  if (files.length === 1 && files[0].path === "") return writeFileWhole(path, files[0].bytes);
  const place = await realpath(path).catch(() => path);
  const beside = (what: string): string =>
    join(dirname(place), `.${basename(place)}.${what}${randomBytes(4).toString("hex")}.tmp`);
  const made = beside("");
  const before = beside("before.");
  try {
    await fillFolder(made, files, path);
    const replaces = options.overwrite === true && (await moved(place, before));
    try {
      // What came into it since it was looked at stays too.
      if (replaces) await refuseOthers(before, path);
      await rename(made, place);
    } catch (cause) {
      if (replaces) await rename(before, place);
      throw cause;
    }
  } catch (cause) {
    await rm(made, { recursive: true, force: true }).catch(() => undefined);
    throw cause instanceof HeddleError ? cause : writeError(path, cause);
  }
  await rm(before, { recursive: true, force: true }).catch(() => undefined);
}

/** Whether there was something to give another name. */
async function moved(from: string, to: string): Promise<boolean> {
  return rename(from, to).then(
    () => true,
    (cause: unknown) => {
      if (errorCode(cause) === "ENOENT") return false;
      throw cause;
    },
  );
}

/** @param place where the folder comes to stand, for errors: nobody asked for the one beside it */
async function fillFolder(folder: string, files: readonly ExportedFile[], place: string): Promise<void> {
  const names = files.map(({ path }) => path);
  const write = (name: string, content: Uint8Array | string): Promise<void> =>
    writeFileWhole(join(folder, name), content).catch((error: unknown) => {
      throw error instanceof HeddleError ? writeError(join(place, name), error.cause) : error;
    });
  await mkdir(folder);
  for (const { path, bytes } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await write(path, bytes);
  }
  await write(listName, `${JSON.stringify({ files: names }, null, 2)}\n`);
}

/**
 * Whether a place may take what is to be exported there, for who wants to know before the work is done.
 *
 * @throws HeddleError where something is there that may not be replaced
 */
export async function checkExportPlace(
  path: string,
  kind: "file" | "folder",
  { overwrite = false }: WriteExportOptions = {},
): Promise<void> {
  if (kind === "file" && /[/\\]$/u.test(path))
    throw new HeddleError(`${path} is the name of a folder, where a file is to be written: name a file.`);
  const found = await lstat(await realpath(path).catch(() => path)).catch((cause: unknown) => {
    if (errorCode(cause) === "ENOENT") return undefined;
    throw writeError(path, cause);
  });
  if (!found) return;
  const isFolder = found.isDirectory();
  if (isFolder !== (kind === "folder"))
    throw new HeddleError(
      `${path} is a ${isFolder ? "folder" : "file"}, where a ${kind} is to be written, and was left as it is: name another place.`,
    );
  if (!overwrite)
    throw new HeddleError(
      `${path} is there already and was left as it is: name another place, or allow it to be replaced.`,
    );
  if (isFolder) await refuseOthers(path, path);
}

/** @param path what people call it @throws HeddleError where a folder holds what wasn't exported there */
async function refuseOthers(folder: string, path: string): Promise<void> {
  const [other] = await othersIn(folder);
  if (other !== undefined)
    throw new HeddleError(
      `${path} holds ${other}, which was not exported there, and was left as it is: name another folder, or move that out of it.`,
    );
}

/** What lies in a folder and was not exported there. */
async function othersIn(folder: string): Promise<readonly string[]> {
  const list = await readFile(join(folder, listName), "utf8")
    .then((text) => JSON.parse(text) as { readonly files?: unknown })
    .catch(() => undefined);
  const listed = (Array.isArray(list?.files) ? [...list.files, listName] : []).map(String);
  const names = await readdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw writeError(folder, cause);
  });
  return names
    .map((name) => name.split(sep).join("/"))
    .filter((name) => !listed.some((own) => own === name || own.startsWith(`${name}/`)));
}
