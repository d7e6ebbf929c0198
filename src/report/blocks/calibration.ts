import {
  expectedCalibrationError,
  type ReliabilityBin,
  reliabilityBins,
} from "../../core/metrics/calibration.js";
import { predictionsOf } from "../../core/metrics/predictions.js";
import { listed, percent } from "../../core/words.js";
import type { ChartData } from "../chart.js";
import { echartsSymbol, seriesSymbol } from "../symbols.js";
import { seriesColor, shade } from "../theme.js";
import type { PredictedRun } from "./roc-curves.js";

const binsOf = ({ evaluation, predictions }: PredictedRun): ReliabilityBin[] =>
  reliabilityBins(predictionsOf(predictions.probabilities, predictions.labels, evaluation.classes.length));

/**
 * The reliability diagram: of the images judged with some confidence, how many were judged right; below it, how many
 * images there are of each confidence. 15 bins of equal width, empty ones left out of the line.
 */
export function calibration(runs: readonly PredictedRun[], id = "calibration"): ChartData {
  const judged = runs.map((run) => ({ name: run.name, bins: binsOf(run) }));
  const lines = judged.map(({ name, bins }, index) => ({
    type: "line",
    name,
    color: seriesColor(index),
    symbol: echartsSymbol(seriesSymbol(index)),
    symbolSize: 8,
    lineStyle: { width: 2 },
    data: bins
      .filter(({ count }) => count > 0)
      .map(({ confidence, accuracy }) => [rounded(100 * confidence), rounded(100 * accuracy)]),
  }));
  const bars = judged.map(({ name, bins }, index) => ({
    type: "bar",
    name,
    xAxisIndex: 1,
    yAxisIndex: 1,
    color: seriesColor(index),
    barMaxWidth: 24,
    data: bins.map(({ count }) => count),
  }));
  const labels = judged[0].bins.map(({ from, to }) => `${Math.round(100 * from)} to ${Math.round(100 * to)}`);
  const percentAxis = { type: "value", min: 0, max: 100, nameGap: 26 };
  return {
    id,
    title: "Calibration: is a model right as often as it is confident?",
    description: judged.map(({ name, bins }) => binsWords(name, bins)).join(" "),
    height: 520,
    option: {
      tooltip: { trigger: "axis" },
      grid: [
        { left: 64, top: 14, height: 300, bottom: "auto", outerBoundsMode: "none" },
        { left: 64, top: 376, height: 90, bottom: "auto", outerBoundsMode: "none" },
      ],
      xAxis: [
        { ...percentAxis, name: "Confidence (%)", gridIndex: 0 },
        {
          type: "category",
          name: "Confidence (%)",
          nameGap: 26,
          gridIndex: 1,
          data: labels,
          axisLabel: { interval: 1 },
        },
      ],
      yAxis: [
        { ...percentAxis, name: "Accuracy (%)", nameGap: 36, gridIndex: 0 },
        { type: "value", name: "Images", nameGap: 46, gridIndex: 1, splitNumber: 2 },
      ],
      series: [
        {
          type: "line",
          name: "as right as confident",
          color: shade("muted"),
          showSymbol: false,
          symbol: "none",
          lineStyle: { width: 1.5, type: "dotted" },
          data: [
            [0, 0],
            [100, 100],
          ],
        },
        ...lines,
        ...bars,
      ],
    },
  };
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

function binsWords(name: string, bins: readonly ReliabilityBin[]): string {
  const filled = bins.filter(({ count }) => count > 0);
  const below = filled.filter(({ accuracy, confidence }) => accuracy < confidence).length;
  const last = filled[filled.length - 1];
  return (
    `${name}: expected calibration error ${percent(expectedCalibrationError(bins))} over ${bins.length} bins; ` +
    `less often right than confident in ${below} of ${filled.length} bins that hold images. ` +
    `${listed([`${last.count} images are in the most confident bin`, `${percent(last.accuracy, 1)} of them are right`])}.`
  );
}
