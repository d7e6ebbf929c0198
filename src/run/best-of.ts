import type { EarlyStopping } from "../core/training/early-stopping.js";
import type { EpochRecord } from "../core/training/events.js";
import { isBetter } from "../core/training/loop.js";

/**
 * The epoch whose weights a run keeps as its best; undefined where none ended.
 *
 * @param earlyStopping of the run's configuration: what it monitors says which is the best
 */
export function bestOf(
  history: readonly EpochRecord[],
  earlyStopping?: Pick<EarlyStopping, "monitor">,
): EpochRecord | undefined {
  return history.reduce<EpochRecord | undefined>(
    (best, record) => (!best || isBetter(record, best, earlyStopping?.monitor) ? record : best),
    undefined,
  );
}
