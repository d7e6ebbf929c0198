import type { EpochRecord } from "../core/training/events.js";
import { hasCheckpoint } from "./checkpoints.js";
import { isTrained } from "./epochs-done.js";
import type { RunConfig } from "./run-config.js";
import type { RunFolder } from "./run-folder.js";

/** Whether a run has nothing left to do: all of it is trained, and nothing is kept any more to go on from. */
export async function isAtEnd(
  { store }: Pick<RunFolder, "store">,
  config: Pick<RunConfig, "epochs" | "earlyStopping">,
  history: readonly EpochRecord[],
): Promise<boolean> {
  return isTrained(config, history) && !(await hasCheckpoint(store));
}
