import { aboutTime, plural } from "../../core/words.js";
import { experiments } from "../../reproduction/plan/experiments.js";
import type { ReproductionProgress } from "../../reproduction/run/reproduce.js";
import { type StudyProgress, secondsAtOnce, type TrialProgress } from "../../study/study.js";
import { plainTable } from "./plain-table.js";

/** `47 trials: 3 done, 1 begun, 43 open; 2,105 epochs left, about 3 h 20 min`, so many trials at once */
export function planLine(progress: Omit<StudyProgress, "secondsLeft">, parallel = 1): string {
  const { trials, undecided, epochsLeft } = progress;
  const later = undecided.reduce((sum, part) => sum + part.count, 0);
  const numberOf = (state: TrialProgress["state"]): number =>
    trials.filter((trial) => trial.state === state).length;
  const parts = [
    `${numberOf("done")} done`,
    ...(numberOf("begun") > 0 ? [`${numberOf("begun")} begun`] : []),
    `${numberOf("open") + later} open`,
  ];
  const time = aboutTime(secondsAtOnce(progress, parallel));
  const left = epochsLeft === 0 ? "" : `; ${plural(epochsLeft, "epoch")} left, ${time}`;
  return `${plural(trials.length + later, "trial")}: ${parts.join(", ")}${left}`;
}

/** A line an experiment, so many trials at once; a trial that serves several stands with the first. */
export function planTable(progress: ReproductionProgress, parallel = 1): string {
  const rows = experiments.flatMap((experiment) => {
    const trials = progress.trials.filter(({ plan }) => plan.experiments[0] === experiment);
    const undecided = progress.undecided.filter(({ like }) => like.experiments[0] === experiment);
    if (trials.length + undecided.length === 0) return [];
    const epochsLeft = [...trials, ...undecided].reduce((sum, part) => sum + part.epochsLeft, 0);
    const line = planLine({ trials, undecided, epochsLeft }, parallel);
    return [`  ${experiment.padEnd(10)}${line}`];
  });
  return rows.join("\n");
}

/** Every trial: where it stands and what is left of it. */
export function trialTable({ trials, undecided }: ReproductionProgress): string {
  const rows = trials.map(({ plan, state, epochsDone, epochsLeft, secondsLeft }) => [
    plan.experiments.join(", "),
    plan.id,
    state === "begun" ? `epoch ${epochsDone} of ${plan.settings.epochs}` : state,
    String(epochsLeft),
    state === "done" ? "" : shortTime(secondsLeft),
  ]);
  const later = undecided.map(({ like, count, epochsLeft, secondsLeft }) => [
    like.experiments.join(", "),
    `${like.factors.schedule}: ${count} more at its best start rate`,
    "open",
    String(epochsLeft),
    shortTime(secondsLeft),
  ]);
  return plainTable(
    [
      { head: "For", align: "left" },
      { head: "Trial", align: "left" },
      { head: "State", align: "left" },
      { head: "Epochs left", align: "right" },
      { head: "Time left", align: "left" },
    ],
    [...rows, ...later],
  );
}

const shortTime = (seconds: number | undefined): string =>
  seconds === undefined ? "unknown" : aboutTime(seconds);
