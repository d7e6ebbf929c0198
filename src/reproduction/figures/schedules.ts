import type { ChartData } from "../../report/chart.js";
import { lineChart } from "../../report/line-chart.js";
import { meanHistory } from "../results/mean-history.js";
import { hundredths, rate } from "../results/numbers.js";
import type { ReproductionResults } from "../results/results.js";
import { scheduleOutcomes, scheduleTitle } from "../results/schedules.js";

/** How the schedules run, each at the best of its start rates: validation accuracy and learning rate by epoch. */
export function scheduleCharts(
  results: ReproductionResults,
): { readonly name: string; readonly chart: ChartData }[] {
  const courses = scheduleOutcomes(results)
    .map(({ schedule, chosen, group }) => ({
      name: `${scheduleTitle(schedule)}${chosen === null ? "" : `, ${rate(chosen)}`}`,
      history: meanHistory(group.kept),
    }))
    .filter(({ history }) => history.length > 0);
  if (courses.length === 0) return [];
  const accuracies = lineChart({
    id: "schedules-accuracy",
    title: "Validation accuracy by epoch and schedule",
    description: courses
      .map(
        ({ name, history }) =>
          `${name}: ${hundredths(history[history.length - 1].validationAccuracy)} % at the end`,
      )
      .join("; "),
    xLabel: "Epoch",
    yLabel: "Validation accuracy",
    unit: "%",
    height: 420,
    series: courses.map(({ name, history }) => ({
      name,
      points: history.map(({ epoch, validationAccuracy }) => [epoch, 100 * validationAccuracy] as const),
    })),
  });
  const rates = lineChart({
    id: "schedules-rate",
    title: "Learning rate at the end of each epoch, by schedule",
    description: courses
      .map(
        ({ name, history }) =>
          `${name}: from ${rate(Number(history[0].learningRate.toPrecision(2)))} to ${rate(Number(history[history.length - 1].learningRate.toPrecision(2)))}`,
      )
      .join("; "),
    xLabel: "Epoch",
    yLabel: "Learning rate",
    logY: true,
    yMin: 1e-6,
    height: 320,
    series: courses.map(({ name, history }) => ({
      name,
      points: history.map(({ epoch, learningRate }) => [epoch, Math.max(1e-6, learningRate)] as const),
    })),
  });
  return [accuracies, rates].map((chart) => ({ name: chart.id, chart }));
}
