import { niceTicks } from "./ticks.js";

/** A point of a curve: x, y. */
export type Point = readonly [x: number, y: number];

export interface CurveOptions {
  readonly xLabel?: string;
  readonly yLabel?: string;
  /** Columns in all (default 80). */
  readonly width?: number;
  /** Rows of the plot alone (default 12). */
  readonly height?: number;
  /** A value that the y axis must reach down to, e.g. 0. */
  readonly yFrom?: number;
}

const dotsAcross = 2;
const dotsDown = 4;
const emptyCell = 0x2800;

/** The bit of each dot of a braille cell, [row][column], as Unicode numbers them. */
const dotBits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const;

/** Height at x on the straight lines through the points, which rise in x. */
function heightAt(points: readonly Point[], x: number): number {
  const after = points.findIndex(([each]) => each >= x);
  if (after === -1) return points[points.length - 1][1];
  if (after === 0) return points[0][1];
  const [[x0, y0], [x1, y1]] = [points[after - 1], points[after]];
  return x1 === x0 ? y1 : y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}

/**
 * Draws a line through points as text: braille dots, 2 × 4 a character, between labelled axes.
 *
 * @param points at least one, x rising, all finite
 */
export function drawCurve(points: readonly Point[], options: CurveOptions = {}): string {
  const { xLabel = "", yLabel = "", width = 80, height = 12, yFrom = Number.POSITIVE_INFINITY } = options;
  const heights = points.map(([, y]) => y);
  const steps = Math.max(1, Math.min(5, Math.floor((height - 1) / 2)));
  const ticks = niceTicks(Math.min(yFrom, ...heights), Math.max(...heights), steps);
  const labelWidth = Math.max(...ticks.labels.map((label) => label.length));
  const columns = Math.max(10, width - labelWidth - 2);
  const [left, right] = [points[0][0], points[points.length - 1][0]];

  const cells = Array.from({ length: height }, () => new Array<number>(columns).fill(emptyCell));
  const lowestDot = height * dotsDown - 1;
  const rowOf = (y: number, lowest: number) =>
    Math.round(((ticks.high - y) / (ticks.high - ticks.low)) * lowest);
  let previous: number | undefined;
  for (let column = 0; column < columns * dotsAcross; column++) {
    const x = left + ((right - left) * column) / (columns * dotsAcross - 1);
    const dot = rowOf(heightAt(points, x), lowestDot);
    // A steep piece fills all dots between its ends, so that the line has no holes.
    const [from, to] = [Math.min(dot, previous ?? dot), Math.max(dot, previous ?? dot)];
    for (let each = from; each <= to; each++) {
      if (each === previous && from !== to) continue;
      cells[Math.floor(each / dotsDown)][Math.floor(column / dotsAcross)] |=
        dotBits[each % dotsDown][column % dotsAcross];
    }
    previous = dot;
  }

  const labels = new Map(ticks.values.map((value, index) => [rowOf(value, height - 1), ticks.labels[index]]));
  const rows = cells.map((row, index) => {
    const label = labels.get(index);
    const axis = label === undefined ? "│" : "┤";
    const plot = String.fromCharCode(...row).replaceAll(String.fromCharCode(emptyCell), " ");
    return `${(label ?? "").padStart(labelWidth)} ${axis}${plot}`.trimEnd();
  });
  const margin = " ".repeat(labelWidth + 1);
  const ends = [left, right].map((x) => String(Number(x.toPrecision(6))));
  const room = columns - ends[0].length - ends[1].length;
  const middle = xLabel.length + 2 <= room ? xLabel : "";
  const before = " ".repeat(Math.max(1, Math.floor((room - middle.length) / 2)));
  const after = " ".repeat(Math.max(1, room - middle.length - before.length));
  return [
    ...(yLabel === "" ? [] : [yLabel]),
    ...rows,
    `${margin}└${"─".repeat(columns)}`,
    `${margin} ${ends[0]}${before}${middle}${after}${ends[1]}`,
  ].join("\n");
}
