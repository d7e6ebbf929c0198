import { checkedOptions, checkValue } from "../core/options/index.js";
import { type DiffRunsOptions as DiffOptions, diffRunsOptions } from "../run/diff/diff-runs.js";
import * as run from "../run/index.js";
import { diskStore } from "./disk-store.js";
import { nodeRunHost, type RunHostOptions } from "./run-host.js";
import { folderKind, hostOptions } from "./run-options.js";

/** How two runs are held against each other. */
export interface DiffRunsOptions extends DiffOptions, RunHostOptions {}

/**
 * What differs between the runs of two folders: in settings, data and environment, from which epoch on their weights do,
 * and in the end by how much.
 *
 * @example
 * const { parting } = await diffRuns("runs/first", "runs/second", { steps: true });
 * @throws HeddleError where there is no run, its record is damaged, or a step is asked for of one that can't be repeated
 */
export async function diffRuns(
  first: string,
  second: string,
  options: DiffRunsOptions = {},
): Promise<run.RunsDifference> {
  const folders = { first, second };
  const stores = (["first", "second"] as const).map((name) =>
    diskStore(checkValue("diffRuns", name, folders[name], folderKind)),
  );
  const table = { ...diffRunsOptions, ...hostOptions };
  const { loading, platform, createNetwork, ...others } = checkedOptions("diffRuns", options, table);
  return run.diffRuns([stores[0], stores[1]], others, nodeRunHost({ loading, platform, createNetwork }));
}
