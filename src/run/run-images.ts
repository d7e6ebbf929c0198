import type { Dataset } from "../core/data/dataset.js";
import { runDataset } from "./follow-run.js";
import type { RunHost } from "./host.js";
import { imagesNeeded } from "./images-needed.js";
import { stillThere } from "./moved-images.js";
import type { RunConfig } from "./run-config.js";
import type { RunOptions } from "./run-options.js";
import { planOf } from "./run-settings.js";

/**
 * The images that a run was trained on, from where they were or where they are now.
 *
 * @param where the run is kept
 * @throws RunError where they are there no more, or a program handed them over
 */
export async function runImages(
  { where, config }: { readonly where: string; readonly config: RunConfig },
  options: Pick<RunOptions, "dataset" | "signal"> & { readonly data?: string | undefined },
  host: RunHost,
): Promise<Dataset> {
  const { data, dataset } = options;
  if (config.ownData && !dataset && data === undefined) throw imagesNeeded({ where }, config);
  const plan = planOf(config);
  if (data === undefined) return stillThere(where, runDataset(plan, options, host));
  return runDataset({ ...plan, data: { ...plan.data, data } }, options, host);
}
