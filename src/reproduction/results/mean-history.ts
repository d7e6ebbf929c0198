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

const withEpochs = (records: readonly TrialRecord[]): TrialRecord[] =>
  records.filter(({ history }) => history.length > 0);

/** Each epoch's figures, mean over trials, as far as all of them go. A trial that ended no epoch is left out. */
export function meanHistory(records: readonly TrialRecord[]): EpochRecord[] {
  const histories = withEpochs(records).map(({ history }) => history);
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
  const left = records.length - withEpochs(records).length;
  return left === 0
    ? ""
    : `; ${left} of ${records.length} ended no epoch and ${left === 1 ? "is" : "are"} left out`;
}
