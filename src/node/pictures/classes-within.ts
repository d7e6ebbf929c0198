import type { PictureFile } from "./picture-files.js";

/**
 * The folder whose folders look like classes, where the one class that there is has its pictures in folders: somebody
 * has named a folder too far up. Parts count as such folders too.
 *
 * @returns its path from the root, with slashes, and its folders with pictures; undefined where none looks so
 */
export function classesWithin(
  files: readonly PictureFile[],
): { readonly path: string; readonly folders: readonly string[] } | undefined {
  const [first] = files;
  if (!first || files.some(({ part, label }) => part !== undefined || label !== first.label))
    return undefined;
  const paths = files.map(({ path }) => path.split("/"));
  for (let depth = 1; paths.every(({ length }) => length > depth + 1); depth++) {
    const folders = [...new Set(paths.map((path) => path[depth]))];
    if (folders.length > 1) return { path: paths[0].slice(0, depth).join("/"), folders };
  }
  return undefined;
}
