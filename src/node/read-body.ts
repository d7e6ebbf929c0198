import { readFile, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { HeddleError } from "../core/errors.js";
import { decodeModel, type ModelContents } from "../core/formats/index.js";
import { errorCode, fileErrorWords } from "./file-errors.js";

/** A trained model to stand on, and what people call it. */
export interface ReadBody {
  readonly name: string;
  /** The model file that was read: of a run's folder, one in it. */
  readonly file: string;
  readonly contents: ModelContents;
}

const wanted =
  "Expected a model file that heddle train, model.save or heddle import wrote, or the folder of a run";

/**
 * Reads a body: a model file, or the best weights of a run in a folder.
 *
 * @throws HeddleError where there is none
 */
export async function readBody(place: string): Promise<ReadBody> {
  const unreadable = (cause: unknown): HeddleError =>
    new HeddleError(`The body ${place} can't be read: ${fileErrorWords(cause)}. ${wanted}.`, { cause });
  const found = await stat(place).catch((cause: unknown) => {
    throw unreadable(cause);
  });
  const isFolder = found.isDirectory();
  const file = isFolder ? join(place, "best.safetensors") : place;
  const bytes = await readFile(file).catch((cause: unknown) => {
    if (isFolder && errorCode(cause) === "ENOENT")
      throw new HeddleError(`${place} is a folder without best.safetensors, so no run's. ${wanted}.`, {
        cause,
      });
    throw unreadable(cause);
  });
  const name = basename(resolve(place)).replace(/\.safetensors$/u, "");
  return { name, file, contents: decodeModel(bytes, file) };
}
