import {
  accuracyCurves,
  learningRateCurves,
  lossCurves,
  type RunCourse,
  validationCurves,
} from "../../report/blocks/curves.js";
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

/** A group's course, mean over its seeds; none where no epoch ended. */
function courseOf(group: TrialGroup, name: string): RunCourse[] {
  const history = meanHistory(group.kept);
  return history.length === 0 ? [] : [{ name, history }];
}

const drawnFrom = (group: TrialGroup): string => `Means over ${standing(group)}${leftOutWords(group.kept)}.`;

const sourcesOf = (...groups: readonly TrialGroup[]): string[] =>
  groups.flatMap(({ kept }) => kept.filter(({ history }) => history.length > 0).map(({ id }) => id));

/** Accuracy of a model's training, mean over the seeds. */
export function accuracyFigure(
  results: ReproductionResults,
  number: number,
  model: PaperModel,
): Figure | undefined {
  const group = modelGroup(results, model);
  const courses = courseOf(group, `${group.title}, ${standing(group)}`);
  if (courses.length === 0) return undefined;
  const title = `Figure ${number}: accuracy of the ${group.title} by epoch`;
  const chart = { ...accuracyCurves(courses, `figure-${number}-accuracy`), title };
  return { chart, note: drawnFrom(group), sources: sourcesOf(group) };
}

/** The same of its loss. */
export function lossFigure(
  results: ReproductionResults,
  number: number,
  model: PaperModel,
): Figure | undefined {
  const group = modelGroup(results, model);
  const courses = courseOf(group, `${group.title}, ${standing(group)}`);
  if (courses.length === 0) return undefined;
  const smoothing = smoothingWords(group);
  const what = smoothing === "" ? "loss" : "loss (training: of smoothed labels)";
  const drawn = lossCurves(courses, `figure-${number}-loss`);
  return {
    chart: {
      ...drawn,
      title: `Figure ${number}: ${what} of the ${group.title} by epoch`,
      description: `${drawn.description}${smoothing}`,
    },
    note: `${drawnFrom(group)}${smoothing}`,
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
  const groups = [modelGroup(results, "proposed"), groupWithoutDropout(results)];
  const courses = groups.flatMap((group, index) => courseOf(group, index === 0 ? "with dropout" : "without"));
  if (courses.length < 2) return undefined;
  const note = "Training accuracies are those of the training steps, dropout on where there is any.";
  const chart = accuracyCurves(courses, "dropout-accuracy");
  return {
    chart: {
      ...chart,
      title: "Accuracy of the Proposed CNN by epoch, with dropout and without",
      description: `${chart.description} ${note}`,
    },
    note,
    sources: sourcesOf(...groups),
  };
}

/** How the schedules run, each at the best of its start rates, means over the seeds. */
const scheduleCourses = (results: ReproductionResults): RunCourse[] =>
  scheduleOutcomes(results).flatMap(({ chosen, group }) =>
    chosen === null ? [] : courseOf(group, `${group.title}, ${rate(chosen)}`),
  );

export function schedulesFigure(results: ReproductionResults): Figure | undefined {
  const courses = scheduleCourses(results);
  if (courses.length === 0) return undefined;
  const title = "Validation accuracy by epoch and schedule";
  return { chart: { ...validationCurves(courses, "schedules-accuracy"), title } };
}

export function scheduleRates(results: ReproductionResults): Figure | undefined {
  const courses = scheduleCourses(results);
  if (courses.length === 0) return undefined;
  const title = "Learning rate at the end of each epoch, by schedule";
  return { chart: { ...learningRateCurves(courses, "schedules-rate"), title } };
}
