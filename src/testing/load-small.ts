import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { type LoadOptions, loadDataset } from "../node/data/load.js";
import { isolatedSources, temporaryFolder } from "../node/data/testing/small-fashion.js";
import { type SmallFiles, writeFiles } from "./small-sets.js";

/** Loads a folder `small` of these files, or a path in it, and gives what was told beside what was found. */
export async function loadSmall(
  context: Parameters<typeof temporaryFolder>[0],
  files: SmallFiles,
  { path = "", options = {} }: { path?: string; options?: LoadOptions },
) {
  const folder = join(await temporaryFolder(context), "small");
  await mkdir(folder);
  await writeFiles(folder, files);
  const notices: string[] = [];
  const onProgress: LoadOptions["onProgress"] = (progress) => {
    if ("message" in progress) notices.push(progress.message);
  };
  const loaded = await loadDataset(path === "" ? folder : join(folder, path), {
    sources: isolatedSources(folder),
    onProgress,
    ...options,
  });
  return { ...loaded, notices, folder };
}
