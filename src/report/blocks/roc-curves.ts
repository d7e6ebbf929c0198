import { evaluate, type RocEvaluation } from "../../core/metrics/evaluation.js";
import { figure } from "../../core/words.js";
import type { RunRecord } from "../../run/run-record.js";
import type { ChartData } from "../chart.js";
import { lineChart } from "../line-chart.js";
import { type Point, thinCurve } from "../thin-curve.js";

/** What ROC curves, calibration and mistakes need of a run. */
export type PredictedRun = Pick<RunRecord, "name"> & Required<Pick<RunRecord, "evaluation" | "predictions">>;

/** Points of a drawn curve: more than a chart of a page's width shows. */
export const mostRocPoints = 200;

/**
 * The ROC curve of each class against the rest, of all (image, class) pairs at once (micro), and the mean of the
 * classes' curves (macro), each thinned to at most 200 points. A class without images, or with all of them, has none.
 */
export function rocCurves({ name, evaluation, predictions }: PredictedRun, id = "roc"): ChartData {
  const { probabilities, labels } = predictions;
  const classNames = evaluation.classes.map((each) => each.name);
  const { roc, macroAuc, microAuc } = evaluate(probabilities, labels, classNames);
  const curves = roc.map(rocPoints);
  const drawn = classNames
    .map((className, index) => ({
      className: `${className} ${figure(evaluation.classes[index].auc, 3)}`,
      points: curves[index],
      color: index,
    }))
    .filter(({ points }) => points.length > 0);
  const macro = meanCurve(drawn.map(({ points }) => points));
  const count = classNames.length;
  const averages = [
    { className: `micro average ${figure(microAuc, 3)}`, points: curves[count], color: count },
    { className: `macro average ${figure(macroAuc, 3)}`, points: macro, color: count + 1 },
  ];
  const areas = evaluation.classes.map((each) => `${each.name} ${figure(each.auc)}`);
  return lineChart({
    id,
    title: `ROC curves of ${name}`,
    description:
      `The share of a class's images that are found against the share of other images taken for it. Areas under the curves: ${areas.join(", ")}; ` +
      `micro average ${figure(microAuc)}, macro average ${figure(macroAuc)}.`,
    xLabel: "False positive rate",
    yLabel: "True positive rate",
    xMin: 0,
    xMax: 1,
    yMin: 0,
    yMax: 1,
    height: 460,
    series: [
      ...averages.map((each) => ({ ...each, dashed: true })),
      ...drawn.map((each) => ({ ...each, dashed: false })),
    ].map(({ className, points, color, dashed }) => ({
      name: className,
      points: thinCurve(points, mostRocPoints),
      color,
      dashed,
    })),
  });
}

/** A curve's points; none where a rate is undefined. */
export function rocPoints({ fpr, tpr }: RocEvaluation): readonly Point[] {
  const points: Point[] = [];
  for (const [index, x] of fpr.entries()) {
    const y = tpr[index];
    if (x === null || y === null) return [];
    points.push([x, y]);
  }
  return points;
}

/** The mean height of rising curves at each x that one of them has a point at; upright pieces count at their top. */
export function meanCurve(curves: readonly (readonly Point[])[]): readonly Point[] {
  if (curves.length === 0) return [];
  const places = [...new Set(curves.flatMap((points) => points.map(([x]) => x)))].sort((a, b) => a - b);
  const heights = new Float64Array(places.length);
  for (const points of curves) {
    let at = 0;
    for (const [index, x] of places.entries()) {
      while (at + 1 < points.length && points[at + 1][0] <= x) at++;
      const [[x0, y0], [x1, y1]] = [points[at], points[Math.min(at + 1, points.length - 1)]];
      heights[index] += x1 > x0 && x > x0 ? y0 + ((y1 - y0) * (x - x0)) / (x1 - x0) : y0;
    }
  }
  return [[0, 0], ...places.map((x, index): Point => [x, heights[index] / curves.length])];
}
