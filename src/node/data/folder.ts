import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type FileRole, fileRoles, type PublishedFile, roleNames } from "../../core/data/fashion-mnist.js";
import { HeddleError } from "../../core/errors.js";
import { fileErrorWords } from "../file-errors.js";
import { sha256 } from "./checksum.js";
import { readDataFile } from "./read-file.js";
import type { FoundFile, FoundFiles } from "./source.js";

/** MNIST's names, with the variants in use: a dot for the dash, `test` for `t10k`, 4 axes for 3. */
const fileNames: Readonly<Record<FileRole, { readonly pattern: RegExp; readonly usual: string }>> = {
  trainImages: { pattern: /^train-images[-.]idx[34]-ubyte(\.gz)?$/, usual: "train-images-idx3-ubyte" },
  trainLabels: { pattern: /^train-labels[-.]idx1-ubyte(\.gz)?$/, usual: "train-labels-idx1-ubyte" },
  testImages: { pattern: /^(t10k|test)-images[-.]idx[34]-ubyte(\.gz)?$/, usual: "t10k-images-idx3-ubyte" },
  testLabels: { pattern: /^(t10k|test)-labels[-.]idx1-ubyte(\.gz)?$/, usual: "t10k-labels-idx1-ubyte" },
};

/**
 * Reads the four IDX files of a folder, gzip or not; where a file is there both ways, the plain one.
 * @throws HeddleError when the folder can't be read, a file is missing, damaged or there under two names.
 */
export async function readFolder(folder: string): Promise<FoundFiles> {
  const names = await listFolder(folder);
  const chosen = fileRoles.map((role) => [role, chooseName(role, names, folder)] as const);
  const found = await Promise.all(
    chosen.map(async ([role, file]): Promise<readonly [FileRole, FoundFile]> => {
      const path = join(folder, file);
      const bytes = await readDataFile(path);
      return [role, { file, path, origin: "folder", sha256: await sha256(bytes), bytes }];
    }),
  );
  return Object.fromEntries(found) as unknown as FoundFiles;
}

/**
 * Whether the four contents are the published ones.
 * @throws HeddleError when some are and some are not: a damaged or mixed-up copy.
 */
export function isPublished(found: FoundFiles, published: readonly PublishedFile[]): boolean {
  const roleOf = new Map(published.map((file) => [file.sha256, file.role]));
  const genuine = fileRoles.filter((role) => roleOf.has(found[role].sha256));
  if (genuine.length === 0) return false;
  for (const { role, sha256: expected } of published) {
    const { path, sha256: sum } = found[role];
    if (sum === expected) continue;
    const other = roleOf.get(sum);
    const content = other ? `holds its ${roleNames[other]} instead` : `has the SHA-256 ${sum}`;
    throw new HeddleError(
      `${path} is not Fashion-MNIST's ${roleNames[role]}, though ${found[genuine[0]].file} beside it is from Fashion-MNIST: it ${content}, expected ${expected}. It is damaged or from another data set: fetch or copy it again.`,
    );
  }
  return true;
}

async function listFolder(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause) {
    throw new HeddleError(
      `The data folder ${folder} can't be read: ${fileErrorWords(cause)}. Expected fashion-mnist, or a folder with four IDX files such as ${fileNames.trainImages.usual}.gz.`,
      { cause },
    );
  }
}

function chooseName(role: FileRole, names: readonly string[], folder: string): string {
  const { pattern, usual } = fileNames[role];
  const matching = names.filter((name) => pattern.test(name));
  const stems = [...new Set(matching.map((name) => name.replace(/\.gz$/, "")))];
  if (stems.length === 0) {
    throw new HeddleError(
      `The data folder ${folder} holds no ${roleNames[role]}: expected a file ${usual} or ${usual}.gz in it.`,
    );
  }
  if (stems.length > 1) {
    throw new HeddleError(
      `The data folder ${folder} holds ${roleNames[role]} under more than one name: ${matching.join(", ")}. Keep one of them.`,
    );
  }
  return matching.includes(stems[0]) ? stems[0] : `${stems[0]}.gz`;
}
