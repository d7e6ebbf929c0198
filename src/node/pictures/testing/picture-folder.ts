import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import type { ImageSet } from "../../../core/data/dataset.js";
import type { DataProgress } from "../../data/progress.js";
import type { PictureOptions } from "../picture-options.js";

/** Files by their paths, in a folder that goes when the test ends. */
export async function folderOf(
  context: TestContext,
  files: Readonly<Record<string, Uint8Array | string>>,
): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "heddle-pictures-"));
  context.after(() => rm(folder, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

/** Options for small data sets, and what was told while one was made. */
export function told(options: PictureOptions = {}): {
  readonly options: PictureOptions;
  readonly messages: string[];
  /** How many pictures were decoded. */
  readonly decoded: () => number;
} {
  const messages: string[] = [];
  let decoded = 0;
  const onProgress = (progress: DataProgress): void => {
    if (progress.type === "pictures") decoded = progress.done;
    else if (progress.type !== "download") messages.push(progress.message);
  };
  return {
    options: { size: 4, channels: 1, cacheFolder: false, skipShare: 0, ...options, onProgress },
    messages,
    decoded: () => decoded,
  };
}

/** The grey of each image of `told`'s options, in tens: images of 4 × 4 of one grey. */
export function greysOf({ images, count }: ImageSet): number[] {
  assert.ok(images instanceof Uint8Array);
  return Array.from({ length: count }, (_, image) => images[image * 16] / 10);
}
