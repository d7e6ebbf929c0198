import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { nearDuplicateGroups } from "../../core/data/near-duplicates.js";
import type { Shape } from "../../core/layers/layer.js";
import { writeCacheFile } from "../data/cache.js";

/** Raised when what counts as a near-duplicate changes. */
const version = 1;
const ending = ".groups";

/** [N]: a number a content, in the order of their first pictures. */
export function groupsOfContents(contents: readonly string[]): Uint32Array {
  const numbers = new Map<string, number>();
  return Uint32Array.from(contents, (content) => {
    const number = numbers.get(content) ?? numbers.size;
    numbers.set(content, number);
    return number;
  });
}

/**
 * [N]: near-duplicates have one number. What was found of the same pictures before is read from the cache.
 *
 * @param images asked for where they are needed
 * @param folder of the cache, where there is one
 * @param contents of the files, [N]
 */
export async function groupsOfImages(
  images: () => Promise<Uint8Array>,
  shape: Shape,
  contents: readonly string[],
  { folder, signal }: { readonly folder: string | undefined; readonly signal: AbortSignal | undefined },
): Promise<Uint32Array> {
  const find = async (): Promise<Uint32Array> =>
    nearDuplicateGroups(
      await images(),
      { count: contents.length, shape },
      { onProgress: () => signal?.throwIfAborted() },
    );
  if (folder === undefined) return find();
  const key = createHash("sha256")
    .update(JSON.stringify([version, contents]))
    .digest("hex")
    .slice(0, 32);
  const path = join(folder, key + ending);
  const known = await readGroups(path, contents.length);
  if (known) return known;
  const groups = await find();
  // Those of other pictures than the folder has now.
  const old = (await readdir(folder)).filter((name) => name.endsWith(ending));
  await Promise.all(old.map((name) => rm(join(folder, name), { force: true }).catch(() => undefined)));
  const bytes = Buffer.from(groups.buffer, groups.byteOffset, groups.byteLength);
  await writeCacheFile(path, Buffer.concat([bytes, createHash("sha256").update(bytes).digest()]));
  return groups;
}

const digestLength = 32;

async function readGroups(path: string, count: number): Promise<Uint32Array | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  if (bytes?.length !== count * 4 + digestLength) return undefined;
  const content = bytes.subarray(0, -digestLength);
  if (!createHash("sha256").update(content).digest().equals(bytes.subarray(-digestLength))) return undefined;
  return new Uint32Array(new Uint8Array(content).buffer);
}
