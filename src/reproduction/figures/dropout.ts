import { accuracyCurves } from "../../report/blocks/curves.js";
import type { ChartData } from "../../report/chart.js";
import { meanHistory } from "../results/mean-history.js";
import { currentGroup, groupWithoutDropout, type ReproductionResults } from "../results/results.js";

/** The Proposed CNN's accuracies by epoch with dropout and without, means over the seeds; none without both. */
export function dropoutCharts(
  results: ReproductionResults,
): { readonly name: string; readonly chart: ChartData }[] {
  const courses = [
    { name: "with dropout", history: meanHistory(currentGroup(results, "proposed").kept) },
    { name: "without", history: meanHistory(groupWithoutDropout(results).kept) },
  ];
  if (courses.some(({ history }) => history.length === 0)) return [];
  const chart = accuracyCurves(courses, "dropout-accuracy");
  return [
    {
      name: chart.id,
      chart: {
        ...chart,
        title: "Accuracy of the Proposed CNN by epoch, with dropout and without",
        description: `${chart.description} Training accuracies are those of the training steps, dropout on where there is any.`,
      },
    },
  ];
}
