import { plural } from "../../core/words.js";
import type { TrialRecord } from "../plan/trial.js";
import { decimal, hundredths, rate } from "./numbers.js";

/** Up to half as much again as guessing among equally many images of each class reaches counts as chance. */
const chanceFactor = 1.5;

/**
 * How a trial went, in a sentence's part: what came out, and from which figures one sees it. One that never got past
 * chance on the validation images stayed there; one that did, and ended there, fell back to it.
 */
export function outcomeWords({ outcome, history, config, test }: TrialRecord): string {
  const accuracies = history.map(({ validationAccuracy }) => validationAccuracy);
  const last = history.at(-1);
  const [best, end] = [Math.max(...accuracies), `${hundredths(accuracies.at(-1) ?? 0)} %`];
  if (outcome === "diverged" || !last) {
    const before = last ? `, after ${end} on the validation images` : "";
    return `diverged in epoch ${history.length + 1} of ${config.epochs}${before}`;
  }
  const classes = test?.classes.length ?? 10;
  const chance = chanceFactor / classes;
  if (best <= chance) {
    const guessing = `that of guessing among ${classes} classes ${decimal(Math.log(classes), 3)}`;
    return `stayed at chance: after ${plural(history.length, "epoch")} the validation loss is ${decimal(last.validationLoss, 3)}, ${guessing}`;
  }
  if (last.validationAccuracy <= chance) {
    const { epoch } = history[accuracies.indexOf(best)];
    return `trained at first (${hundredths(best)} % on the validation images after epoch ${epoch}) and fell back to chance (${end} at the end)`;
  }
  return `trained: ${end} on the validation images in the last epoch, at a rate of ${rate(Number(last.learningRate.toPrecision(2)))}`;
}
