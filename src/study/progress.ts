import { epochsOf, type StudyPlan, type TrialPlan, type UndecidedTrials } from "./trial.js";

/** Where a planned trial stands. */
export interface TrialProgress<Trial extends TrialPlan = TrialPlan> {
  readonly plan: Trial;
  /** "failed" where it was set aside. */
  readonly state: "done" | "failed" | "begun" | "open";
  readonly epochsDone: number;
  /** Of those that are asked for; a diverged trial has none left. */
  readonly epochsLeft: number;
  /** Undefined before the first epoch of any trial. */
  readonly secondsLeft?: number;
}

/** Trials that others decide first. */
export interface UndecidedProgress<Trial extends TrialPlan = TrialPlan> extends UndecidedTrials<Trial> {
  readonly epochsLeft: number;
  readonly secondsLeft?: number;
}

/** The plan of a study and where it stands. */
export interface StudyProgress<Trial extends TrialPlan = TrialPlan> {
  readonly trials: readonly TrialProgress<Trial>[];
  readonly undecided: readonly UndecidedProgress<Trial>[];
  readonly epochsLeft: number;
  /** Of all trials one after another, on what they run on now. */
  readonly secondsLeft?: number;
}

/** What a study knows of its trials. */
export interface TrialStates {
  stateOf(trial: TrialPlan): TrialProgress["state"];
  epochsDone(trial: TrialPlan): number;
  /** Of an epoch; undefined before any was seen. */
  secondsOf(trial: TrialPlan): number | undefined;
}

export function progressOf<Trial extends TrialPlan>(
  plan: StudyPlan<Trial>,
  states: TrialStates,
): StudyProgress<Trial> {
  const secondsOf = (trial: TrialPlan, epochs: number): number | undefined => {
    if (epochs === 0) return 0;
    const seconds = states.secondsOf(trial);
    return seconds && seconds * epochs;
  };
  const trials = plan.trials.map((trial): TrialProgress<Trial> => {
    const state = states.stateOf(trial);
    const epochsDone = states.epochsDone(trial);
    const isOver = state === "done" || state === "failed";
    const epochsLeft = isOver ? 0 : Math.max(0, epochsOf(trial) - epochsDone);
    return { plan: trial, state, epochsDone, epochsLeft, secondsLeft: secondsOf(trial, epochsLeft) };
  });
  const undecided = plan.undecided.map((part): UndecidedProgress<Trial> => {
    const epochsLeft = part.count * (part.epochs ?? epochsOf(part.like));
    return { ...part, epochsLeft, secondsLeft: secondsOf(part.like, epochsLeft) };
  });
  const parts = [...trials, ...undecided];
  return {
    trials,
    undecided,
    epochsLeft: parts.reduce((sum, part) => sum + part.epochsLeft, 0),
    secondsLeft: sumOrUnknown(parts.map((part) => part.secondsLeft)),
  };
}

/** In about how many seconds all is done where so many trials train at once: never sooner than the longest of them. */
export function secondsAtOnce(
  { trials, undecided }: Pick<StudyProgress, "trials" | "undecided">,
  parallel: number,
): number | undefined {
  const sum = sumOrUnknown([...trials, ...undecided].map(({ secondsLeft }) => secondsLeft));
  const each = [
    ...trials.map(({ secondsLeft = 0 }) => secondsLeft),
    ...undecided.map(({ count, secondsLeft = 0 }) => secondsLeft / count),
  ];
  return sum && Math.max(sum / parallel, ...each);
}

/** Undefined as soon as one of them is. */
function sumOrUnknown(seconds: readonly (number | undefined)[]): number | undefined {
  return seconds.reduce<number | undefined>(
    (sum, each) => (sum === undefined || each === undefined ? undefined : sum + each),
    0,
  );
}
