import { createHash } from "node:crypto";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { nearDuplicateGroups } from "../../core/data/near-duplicates.js";
import type { Shape } from "../../core/layers/layer.js";
import { plural } from "../../core/words.js";
import { writeCacheFile } from "../data/cache.js";
import type { OnDataProgress } from "../data/progress.js";

/** Raised when what counts as a near-duplicate changes. */
const version = 2;
const ending = ".groups";

/** A search that takes longer than this is spoken of, milliseconds. */
const patience = 2000;

interface GroupSearch {
  /** Of the cache, where there is one. */
  readonly folder: string | undefined;
  readonly onProgress: OnDataProgress;
  readonly signal: AbortSignal | undefined;
}

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
 * @param contents of the files, [N]
 */
export async function groupsOfImages(
  images: () => Promise<Uint8Array>,
  shape: Shape,
  contents: readonly string[],
  { folder, onProgress, signal }: GroupSearch,
): Promise<Uint32Array> {
  const find = async (): Promise<Uint32Array> => {
    const began = performance.now();
    let told = false;
    const goOn = (): void => {
      signal?.throwIfAborted();
      if (told || performance.now() - began < patience) return;
      told = true;
      const message = `Looking for near-duplicates among ${plural(contents.length, "picture")}.`;
      onProgress({ type: "notice", message });
    };
    return nearDuplicateGroups(await images(), { count: contents.length, shape }, { onProgress: goOn });
  };
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
  const old = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(ending));
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
