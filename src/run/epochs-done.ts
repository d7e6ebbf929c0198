import { stopsEarly } from "../core/training/early-stopping.js";
import type { EpochRecord } from "../core/training/events.js";
import type { RunConfig } from "./run-config.js";

/** How far a history goes. Its length says so only where no line of it was lost. */
export function epochsDone(history: readonly Pick<EpochRecord, "epoch">[]): number {
  return history.at(-1)?.epoch ?? 0;
}

/** What says how far a history goes, and whether it goes on. */
type Course = readonly Pick<EpochRecord, "epoch" | "validationLoss" | "validationAccuracy">[];

/** What says when a run has no more epochs to do. */
type Length = Pick<RunConfig, "epochs" | "earlyStopping">;

/** Whether a run stopped before its last epoch because nothing got better. */
export function stoppedEarly({ epochs, earlyStopping }: Length, history: Course): boolean {
  return epochsDone(history) < epochs && earlyStopping !== undefined && stopsEarly(earlyStopping, history);
}

/** Whether there is nothing left to train. */
export function isTrained(config: Length, history: Course): boolean {
  return epochsDone(history) >= config.epochs || stoppedEarly(config, history);
}

/** The epochs from the first to this one that a history has no line of. */
export function lostEpochs(history: readonly Pick<EpochRecord, "epoch">[], last: number): readonly number[] {
  const there = new Set(history.map(({ epoch }) => epoch));
  return Array.from({ length: last }, (_, index) => index + 1).filter((epoch) => !there.has(epoch));
}

/** `epoch 3`, `epochs 1 to 4 and 7` */
export function epochsText(epochs: readonly number[]): string {
  const ranges: [number, number][] = [];
  for (const epoch of epochs) {
    const range = ranges.at(-1);
    if (range && range[1] === epoch - 1) range[1] = epoch;
    else ranges.push([epoch, epoch]);
  }
  const parts = ranges.map(([from, to]) =>
    from === to ? String(from) : `${from} ${to === from + 1 ? "and" : "to"} ${to}`,
  );
  const last = parts.length > 1 ? ` and ${parts.pop()}` : "";
  return `${epochs.length === 1 ? "epoch" : "epochs"} ${parts.join(", ")}${last}`;
}
