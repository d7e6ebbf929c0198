import type { EarlyStopping } from "../core/training/early-stopping.js";
import type { EpochRecord } from "../core/training/events.js";
import { isBetter } from "../core/training/loop.js";

/**
 * The epoch whose weights a run keeps as its best, the last one where nothing validates; undefined where none ended.
 *
 * @param earlyStopping of the run's configuration: what it monitors says which is the best
 */
export function bestOf<Epoch extends Pick<EpochRecord, "epoch" | "validationLoss" | "validationAccuracy">>(
  history: readonly Epoch[],
  earlyStopping?: Pick<EarlyStopping, "monitor">,
): Epoch | undefined {
  return history.reduce<Epoch | undefined>(
    (best, record) =>
      !best || Number.isNaN(record.validationLoss) || isBetter(record, best, earlyStopping?.monitor)
        ? record
        : best,
    undefined,
  );
}
