import type { ChartData } from "../chart.js";
import { seriesColor, shade } from "../theme.js";
import type { JudgedRun } from "./class-table.js";

/** Pixels of a cell in a picture of the kit's width, a little less than their distance for ten classes. */
const cell = { width: 54, height: 31 };
const cellDistance = 40;

/** The confusion matrix as a picture that stands alone: squares as strong as the root of their share of the row. */
export function confusionChart({ name, evaluation }: JudgedRun, id = "confusion"): ChartData {
  const { classes, confusion } = evaluation;
  const names = classes.map(({ name }) => name);
  const cells = confusion.flatMap((row, truth) =>
    row.map((count, predicted) => {
      const share = classes[truth].support === 0 ? 0 : count / classes[truth].support;
      const strong = truth === predicted && share > 0.25;
      return {
        value: [predicted, truth, count],
        itemStyle: { color: seriesColor(truth === predicted ? 0 : 1), opacity: Math.sqrt(share) },
        label: {
          show: true,
          formatter: count === 0 ? "" : String(count),
          color: shade(strong ? "ground" : "ink"),
          opacity: 1,
        },
      };
    }),
  );
  const worst = confusion
    .flatMap((row, truth) => row.map((count, predicted) => ({ count, truth, predicted })))
    .filter(({ truth, predicted }) => truth !== predicted)
    .sort((a, b) => b.count - a.count)[0];
  const axis = { type: "category", data: names, splitLine: { show: false }, axisTick: { show: false } };
  return {
    id,
    title: `Confusion matrix of ${name}`,
    description:
      `Rows: what an image is; columns: what it was taken for. Of ${classes.length} classes the commonest mistake is ` +
      `${names[worst.truth]} taken for ${names[worst.predicted]}, ${worst.count} times.`,
    height: 70 + cellDistance * classes.length,
    option: {
      grid: { top: 14, bottom: 60, left: 12, right: 18 },
      xAxis: { ...axis, name: "Predicted class", nameGap: 12, axisLabel: { interval: 0, rotate: 40 } },
      yAxis: { ...axis, name: "True class", inverse: true, nameGap: 12, axisLabel: { interval: 0 } },
      series: [{ type: "scatter", symbol: "rect", symbolSize: [cell.width, cell.height], data: cells }],
    },
  };
}
