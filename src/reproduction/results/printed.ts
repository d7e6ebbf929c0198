import { plural } from "../../core/words.js";
import type { TrialRecord } from "../plan/trial.js";
import { decimal, hundredths, rate } from "./numbers.js";

/** How a trial went, told from its record. */
export type TrialCourse = "diverged" | "at chance" | "fell back" | "trained";

/** Up to half as much again as guessing among equally many images of each class reaches. */
const chanceFactor = 1.5;

/** Classes that a trial tells apart; 10 where it was never judged. */
const classesOf = ({ test }: TrialRecord): number => test?.classes.length ?? 10;

/**
 * A trial that never got past one and a half times guessing on the validation images stayed at chance; one that did,
 * and ended there, fell back to it.
 */
export function courseOf(record: TrialRecord): TrialCourse {
  if (record.outcome === "diverged") return "diverged";
  const accuracies = record.history.map(({ validationAccuracy }) => validationAccuracy);
  const chance = chanceFactor / classesOf(record);
  if (accuracies.every((accuracy) => accuracy <= chance)) return "at chance";
  return accuracies[accuracies.length - 1] <= chance ? "fell back" : "trained";
}

/** How a trial went, in a sentence's part: what came out, and from which figures one sees it. */
export function outcomeWords(record: TrialRecord): string {
  const { history, config } = record;
  const last = history.at(-1);
  const best = history.reduce((a, b) => (b.validationAccuracy > a.validationAccuracy ? b : a), history[0]);
  switch (courseOf(record)) {
    case "diverged":
      return `diverged in epoch ${history.length + 1} of ${config.epochs}${
        last ? `, after ${hundredths(last.validationAccuracy)} % on the validation images` : ""
      }`;
    case "at chance": {
      const classes = classesOf(record);
      return (
        `stayed at chance: after ${plural(history.length, "epoch")} the validation loss is ` +
        `${decimal(last!.validationLoss, 3)}, that of guessing among ${classes} classes ${decimal(Math.log(classes), 3)}`
      );
    }
    case "fell back":
      return (
        `trained at first (${hundredths(best.validationAccuracy)} % on the validation images after epoch ${best.epoch}) and ` +
        `fell back to chance (${hundredths(last!.validationAccuracy)} % at the end)`
      );
    case "trained":
      return (
        `trained: ${hundredths(last!.validationAccuracy)} % on the validation images in the last epoch, at a rate of ` +
        `${rate(Number(last!.learningRate.toPrecision(2)))}`
      );
  }
}
