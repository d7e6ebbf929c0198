import type { EpochRecord } from "../core/training/events.js";
import { isBetter } from "../core/training/loop.js";

/** The epoch whose weights a run keeps as its best; undefined where none ended. */
export function bestOf(history: readonly EpochRecord[]): EpochRecord | undefined {
  return history.reduce<EpochRecord | undefined>(
    (best, record) => (!best || isBetter(record, best) ? record : best),
    undefined,
  );
}
