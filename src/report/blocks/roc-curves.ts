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

export interface RocOptions {
  /** Which are drawn (default: both). */
  readonly only?: "classes" | "averages";
  /** The plane's upper left corner alone, where curves that are close to it can be told apart. */
  readonly corner?: { readonly xMax: number; readonly yMin: number };
}

/**
 * The ROC curve of each class against the rest, of all (image, class) pairs at once (micro), and the mean of the
 * classes' curves (macro), each thinned to at most 200 points. A class without images, or with all of them, has none.
 */
export function rocCurves(
  { name, evaluation, predictions }: PredictedRun,
  id = "roc",
  { only, corner }: RocOptions = {},
): ChartData {
  const { probabilities, labels } = predictions;
  const classNames = evaluation.classes.map((each) => each.name);
  const { roc, macroAuc, microAuc } = evaluate(probabilities, labels, classNames);
  const curves = roc.map(rocPoints);
  // Fewer curves leave room for another digit.
  const area = (auc: number | null): string => figure(auc, only ? 4 : 3);
  const classes = classNames
    .map((className, index) => ({
      name: `${className} ${area(evaluation.classes[index].auc)}`,
      points: curves[index],
      color: index,
    }))
    .filter(({ points }) => points.length > 0);
  const count = classNames.length;
  const firstColor = only ? 0 : count;
  const averages = [
    { name: `micro average ${area(microAuc)}`, points: curves[count], color: firstColor, dashed: !only },
    {
      name: `macro average ${area(macroAuc)}`,
      points: meanCurve(classes.map(({ points }) => points)),
      color: firstColor + 1,
      dashed: true,
    },
  ];
  const areas = [
    ...(only === "averages" ? [] : evaluation.classes.map((each) => `${each.name} ${figure(each.auc)}`)),
    ...(only === "classes" ? [] : [`micro average ${figure(microAuc)}`, `macro average ${figure(macroAuc)}`]),
  ];
  const { xMax = 1, yMin = 0 } = corner ?? {};
  return lineChart({
    id,
    title: `ROC curves of ${name}`,
    description:
      "The share of a class's images that are found against the share of other images taken for it. " +
      `${corner ? `The upper left corner: false positive rates to ${xMax}, true positive rates from ${yMin}. ` : ""}` +
      `Areas under the curves: ${areas.join(", ")}.`,
    xLabel: "False positive rate",
    yLabel: "True positive rate",
    xMin: 0,
    xMax,
    yMin,
    yMax: 1,
    height: only ? 420 : 460,
    series: [...(only === "classes" ? [] : averages), ...(only === "averages" ? [] : classes)].map(
      ({ points, ...line }) => ({ ...line, points: thinCurve(within(points, xMax), mostRocPoints) }),
    ),
  });
}

/** A curve as far as an x, and one point beyond it, so that the line goes on to the edge. */
const within = (points: readonly Point[], xMax: number): readonly Point[] =>
  points.filter(([x], index) => x <= xMax || points[index - 1][0] <= xMax);

/** A curve's points; none where a rate is undefined. */
function rocPoints({ fpr, tpr }: RocEvaluation): readonly Point[] {
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
