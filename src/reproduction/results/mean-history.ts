import type { EpochRecord } from "../../core/training/events.js";
import type { TrialRecord } from "../plan/trial.js";

const averaged = [
  "trainLoss",
  "trainAccuracy",
  "validationLoss",
  "validationAccuracy",
  "learningRate",
  "seconds",
] as const;

/** The trials that a mean is of: one that diverged would cut it where it ended, so it counts only where all did. */
function counted(records: readonly TrialRecord[]): readonly TrialRecord[] {
  const whole = records.filter(({ outcome }) => outcome !== "diverged");
  return (whole.length > 0 ? whole : records).filter(({ history }) => history.length > 0);
}

/** Each epoch's figures, mean over trials, as far as all of them go; those that diverged are left out. */
export function meanHistory(records: readonly TrialRecord[]): EpochRecord[] {
  const histories = counted(records).map(({ history }) => history);
  if (histories.length === 0) return [];
  const length = Math.min(...histories.map((history) => history.length));
  return Array.from({ length }, (_, index) => {
    const means = averaged.map((field) => [
      field,
      histories.reduce((sum, history) => sum + history[index][field], 0) / histories.length,
    ]);
    return { epoch: histories[0][index].epoch, ...Object.fromEntries(means) } as EpochRecord;
  });
}

/** Trials that a mean history leaves out, in words behind its figures; empty where it leaves out none. */
export function leftOutWords(records: readonly TrialRecord[]): string {
  const left = records.length - counted(records).length;
  return left === 0
    ? ""
    : `; ${left} of ${records.length} diverged and ${left === 1 ? "is" : "are"} left out`;
}
