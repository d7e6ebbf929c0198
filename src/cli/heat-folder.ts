import { readdir, realpath, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { HeddleError, UsageError } from "../core/errors.js";
import { writeError } from "../node/file-errors.js";
import { makeFolders } from "../node/make-folders.js";
import { isWithin } from "../node/pictures/list-folder.js";

/** Where heat maps are written: it may lie among the pictures that are named. */
export class HeatFolder {
  readonly #known = new Map<string, boolean>();

  private constructor(
    /** Links followed. */
    private readonly root: string,
  ) {}

  /**
   * @param images what is named
   * @throws HeddleError where the folder is there with something in it, unless that may be replaced
   * @throws UsageError where pictures of it are named: they would be heat maps of before
   */
  static async make(
    folder: string,
    { images, overwrite }: { readonly images: readonly string[]; readonly overwrite: boolean },
  ): Promise<HeatFolder> {
    if (folder === "") throw new UsageError("--explain got no name: give the folder to write to.");
    const made = new HeatFolder(await emptyFolder(folder, overwrite));
    for (const name of images) {
      const isFolder = (await stat(name).catch(() => undefined))?.isDirectory();
      if (isFolder && (await made.#holds(name)))
        throw new UsageError(
          `--explain ${folder} is where heat maps are written, and ${name} lies in it: name another folder for them.`,
        );
    }
    return made;
  }

  /** Whether a file lies in it, or deeper. */
  async has(file: string): Promise<boolean> {
    const folder = dirname(file);
    const known = this.#known.get(folder) ?? (await this.#holds(folder));
    this.#known.set(folder, known);
    return known;
  }

  async #holds(folder: string): Promise<boolean> {
    const real = await realpath(folder).catch(() => resolve(folder));
    return real === this.root || isWithin(this.root, real);
  }
}

async function emptyFolder(folder: string, overwrite: boolean): Promise<string> {
  try {
    await makeFolders(folder);
    if (overwrite || (await readdir(folder)).length === 0) return await realpath(folder);
  } catch (cause) {
    throw writeError(folder, cause);
  }
  throw new HeddleError(
    `${folder} holds files already and was left as it is: name another folder, or say --overwrite.`,
  );
}
