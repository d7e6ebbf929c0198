import {
  accuracyCurves,
  learningRateCurves,
  lossCurves,
  type RunCourse,
  validationCurves,
} from "../../report/blocks/curves.js";
import type { ChartData } from "../../report/chart.js";
import type { PaperModel } from "../paper/paper.js";
import {
  groupWithoutDropout,
  modelGroup,
  scheduleOutcomes,
  standing,
  type TrialGroup,
} from "../results/groups.js";
import { leftOutWords, meanHistory } from "../results/mean-history.js";
import { rate } from "../results/numbers.js";
import type { ReproductionResults } from "../results/results.js";
import type { Figure } from "./figure.js";

/** Groups' courses, each the mean over its seeds; without those of which no epoch ended. */
const coursesOf = (...groups: readonly (readonly [name: string, group: TrialGroup])[]): RunCourse[] =>
  groups.flatMap(([name, { kept }]) => {
    const history = meanHistory(kept);
    return history.length === 0 ? [] : [{ name, history }];
  });

const sourcesOf = (...groups: readonly TrialGroup[]): string[] =>
  groups.flatMap(({ kept }) => kept.filter(({ history }) => history.length > 0).map(({ id }) => id));

/** Accuracy or loss of a model's training, mean over the seeds. */
export function curveFigure(
  results: ReproductionResults,
  number: number,
  model: PaperModel,
  what: "accuracy" | "loss",
): Figure | undefined {
  const group = modelGroup(results, model);
  const courses = coursesOf([`${group.title}, ${standing(group)}`, group]);
  if (courses.length === 0) return undefined;
  const smoothing = what === "loss" ? smoothingWords(group) : "";
  const words = smoothing === "" ? what : `${what} (training: of smoothed labels)`;
  const chart = (what === "loss" ? lossCurves : accuracyCurves)(courses, `figure-${number}-${what}`);
  return {
    chart: {
      ...chart,
      title: `Figure ${number}: ${words} of the ${group.title} by epoch`,
      description: `${chart.description}${smoothing}`,
    },
    note: `Means over ${standing(group)}${leftOutWords(group.kept)}.${smoothing}`,
    sources: sourcesOf(group),
  };
}

/** What smoothed labels do to the loss curves; empty where training smooths none. */
function smoothingWords({ kept }: TrialGroup): string {
  const smoothing = kept[0].config.labelSmoothing;
  return smoothing === 0
    ? ""
    : ` The training loss is of labels smoothed by ${smoothing}, the validation loss of plain ones: the two can't be held against each other.`;
}

/** The Proposed CNN's accuracies by epoch with dropout and without, means over the seeds; none without both. */
export function dropoutFigure(results: ReproductionResults): Figure | undefined {
  const [own, without] = [modelGroup(results, "proposed"), groupWithoutDropout(results)];
  const courses = coursesOf(["with dropout", own], ["without", without]);
  if (courses.length < 2) return undefined;
  const note = "Training accuracies are those of the training steps, dropout on where there is any.";
  const title = "Accuracy of the Proposed CNN by epoch, with dropout and without";
  const chart = accuracyCurves(courses, "dropout-accuracy");
  const description = `${chart.description} ${note}`;
  return { chart: { ...chart, title, description }, note, sources: sourcesOf(own, without) };
}

/** How the schedules run, each at the best of its start rates, means over the seeds. */
function scheduleFigure(
  results: ReproductionResults,
  curves: (courses: readonly RunCourse[]) => ChartData,
  title: string,
): Figure | undefined {
  const courses = scheduleOutcomes(results).flatMap(({ chosen, group }) =>
    chosen === null ? [] : coursesOf([`${group.title}, ${rate(chosen)}`, group]),
  );
  return courses.length === 0 ? undefined : { chart: { ...curves(courses), title } };
}

export const scheduleAccuracies = (results: ReproductionResults): Figure | undefined =>
  scheduleFigure(
    results,
    (courses) => validationCurves(courses, "schedules-accuracy"),
    "Validation accuracy by epoch and schedule",
  );

export const scheduleRates = (results: ReproductionResults): Figure | undefined =>
  scheduleFigure(
    results,
    (courses) => learningRateCurves(courses, "schedules-rate"),
    "Learning rate at the end of each epoch, by schedule",
  );
