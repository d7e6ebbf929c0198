import { basename, join, resolve } from "node:path";
import { diskStore } from "../node/disk-store.js";
import { pageAssets } from "../node/page-assets.js";
import { heddleVersion } from "../node/version.js";
import { writeFileWhole } from "../node/write-file.js";
import { removeWeights, trialStore } from "../study/study.js";
import { bestRecipe } from "./recipe.js";
import type { SweepResults } from "./results.js";
import type { SweepSpec } from "./sweep-spec.js";

/** The page of a sweep, in its folder. */
export const pageFile = "sweep.html";

/** The best of a sweep as a file of settings, in its folder. */
export const recipeFile = "best.yaml";

/**
 * Writes the page of a sweep and its best as a recipe, and takes away the weights of what ended and isn't the best.
 *
 * @throws HeddleError where a file can't be written
 */
export async function writeOutputs(folder: string, spec: SweepSpec, results: SweepResults): Promise<void> {
  const name = basename(resolve(folder));
  const recipe = results.best && bestRecipe(name, spec, results.best);
  // Its charts take half a second to load.
  const { sweepPage } = await import("./page/page.js");
  const page = sweepPage({ name, spec, results, recipe, version: heddleVersion() }, pageAssets());
  await writeFileWhole(join(folder, pageFile), page);
  if (recipe !== undefined) await writeFileWhole(join(folder, recipeFile), recipe);
  await dropWeights(folder, results);
}

/** What isn't whole keeps all: it may be gone on with, and may come to be the best. */
async function dropWeights(folder: string, { configurations, best }: SweepResults): Promise<void> {
  const study = diskStore(folder);
  for (const each of configurations) {
    const isWhole = each.state !== "open" && each.records.every(({ outcome }) => outcome !== "paused");
    if (each === best || !isWhole) continue;
    for (const { id } of each.records) await removeWeights(trialStore(study, id));
  }
}
