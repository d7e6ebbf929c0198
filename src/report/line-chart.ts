import type { ChartData } from "./chart.js";
import { echartsSymbol, seriesSymbol } from "./symbols.js";
import { paletteSize, seriesColor } from "./theme.js";

export interface LineSeries {
  readonly name: string;
  /** x rising. */
  readonly points: readonly (readonly [x: number, y: number])[];
  readonly dashed?: boolean;
  /** Which of the palette's colours, so that what belongs together has one (default: the next). */
  readonly color?: number;
}

export interface LineChartOptions {
  readonly id: string;
  readonly title: string;
  /** What the picture shows, for those who don't see it. */
  readonly description: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly LineSeries[];
  readonly yMin?: number;
  readonly yMax?: number;
  readonly xMin?: number;
  readonly xMax?: number;
  readonly logY?: boolean;
  /** Behind each value, e.g. "%". */
  readonly unit?: string;
  readonly height?: number;
}

/** At most about so many markers a line has. */
const markers = 16;

/** Lines over a common axis, told apart by colour, and by dashes or markers as well. */
export function lineChart(options: LineChartOptions): ChartData {
  const { id, title, description, xLabel, yLabel, series, unit, height } = options;
  const { xMin, xMax, yMin, yMax, logY = false } = options;
  const colours = series.map(({ color }, index) => color ?? index);
  const several = new Set(colours).size > 1;
  return {
    id,
    title,
    description,
    unit,
    height,
    option: {
      tooltip: { trigger: "axis" },
      xAxis: { type: "value", name: xLabel, min: xMin ?? "dataMin", max: xMax ?? "dataMax" },
      yAxis: {
        type: logY ? "log" : "value",
        name: unit === undefined ? yLabel : `${yLabel} (${unit})`,
        min: yMin,
        max: yMax,
        scale: true,
      },
      series: series.map(({ name, points, dashed = false }, index) => ({
        type: "line",
        name,
        color: seriesColor(colours[index]),
        symbol: echartsSymbol(seriesSymbol(colours[index])),
        symbolSize: 7,
        showSymbol: several || points.length === 1,
        lineStyle: { width: 2, type: dashOf(colours[index], dashed) },
        data: several ? sparselyMarked(points) : points.map((point) => [...point]),
      })),
    },
  };
}

/** A second round of the palette is dotted, so that no two lines look the same. */
function dashOf(color: number, dashed: boolean): "solid" | "dashed" | "dotted" {
  if (dashed) return "dashed";
  return color < paletteSize ? "solid" : "dotted";
}

/** The points, most of them without a marker: those that have one stand about evenly along the line. */
function sparselyMarked(points: LineSeries["points"]): object[] {
  if (points.length <= markers) return points.map((point) => [...point]);
  const spanOf = (axis: 0 | 1): number => {
    const values = points.map((point) => point[axis]);
    return Math.max(...values) - Math.min(...values) || 1;
  };
  const [width, height] = [spanOf(0), spanOf(1)];
  const lengths = points.map((point, index) => {
    const [x, y] = points[Math.max(0, index - 1)];
    return Math.hypot((point[0] - x) / width, (point[1] - y) / height);
  });
  const every = lengths.reduce((sum, length) => sum + length, 0) / markers;
  let sinceLast = every;
  return points.map((point, index) => {
    sinceLast += lengths[index];
    if (sinceLast < every) return { value: [...point], symbol: "none" };
    sinceLast = 0;
    return [...point];
  });
}
