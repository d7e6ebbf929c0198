import type { Experiment } from "../plan/experiments.js";
import type { ReproductionPlan } from "../plan/plan.js";
import type { ComparedSchedule } from "../plan/schedule-trials.js";
import type { TrialPlan, TrialRecord } from "../plan/trial.js";
import type { EpochKind, EpochSpeeds } from "./speed.js";

/** Where a planned trial stands. */
export interface TrialProgress {
  readonly plan: TrialPlan;
  readonly state: "done" | "begun" | "open";
  readonly epochsDone: number;
  /** A diverged trial has none left. */
  readonly epochsLeft: number;
  /** Undefined before the first epoch of any trial. */
  readonly secondsLeft?: number;
}

/** Trials that others decide, all of one kind together. */
export interface UndecidedProgress {
  readonly experiment: Experiment;
  readonly schedule: ComparedSchedule;
  readonly count: number;
  readonly epochsLeft: number;
  readonly secondsLeft?: number;
}

/** The plan of a reproduction and where it stands. */
export interface ReproductionProgress {
  readonly trials: readonly TrialProgress[];
  readonly undecided: readonly UndecidedProgress[];
  readonly epochsLeft: number;
  readonly secondsLeft?: number;
}

/** @param epochsDone of trials that were begun and are not done, by name */
export function progressOf(
  plan: ReproductionPlan,
  records: ReadonlyMap<string, TrialRecord>,
  epochsDone: ReadonlyMap<string, number>,
  speeds: EpochSpeeds,
): ReproductionProgress {
  const secondsOf = (kind: EpochKind, epochs: number): number | undefined => {
    if (epochs === 0) return 0;
    const seconds = speeds.secondsOf(kind);
    return seconds && seconds * epochs;
  };
  const trials = plan.trials.map((trial): TrialProgress => {
    const record = records.get(trial.id);
    if (record) {
      return {
        plan: trial,
        state: "done",
        epochsDone: record.history.length,
        epochsLeft: 0,
        secondsLeft: 0,
      };
    }
    const done = epochsDone.get(trial.id);
    const epochsLeft = trial.config.epochs - (done ?? 0);
    return {
      plan: trial,
      state: done === undefined ? "open" : "begun",
      epochsDone: done ?? 0,
      epochsLeft,
      secondsLeft: secondsOf(trial.config, epochsLeft),
    };
  });
  const undecided = plan.undecided.map(({ schedule, count, config }): UndecidedProgress => {
    const epochsLeft = count * config.epochs;
    return {
      experiment: "schedules",
      schedule,
      count,
      epochsLeft,
      secondsLeft: secondsOf(config, epochsLeft),
    };
  });
  const parts = [...trials, ...undecided];
  return {
    trials,
    undecided,
    epochsLeft: parts.reduce((sum, part) => sum + part.epochsLeft, 0),
    secondsLeft: sumOrUnknown(parts.map((part) => part.secondsLeft)),
  };
}

/** Undefined as soon as one of them is. */
export function sumOrUnknown(seconds: readonly (number | undefined)[]): number | undefined {
  return seconds.reduce<number | undefined>(
    (sum, each) => (sum === undefined || each === undefined ? undefined : sum + each),
    0,
  );
}
