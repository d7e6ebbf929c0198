import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type LineSeries, lineChart } from "./line-chart.js";

interface DrawnSeries {
  readonly color: string;
  readonly symbol: string;
  readonly showSymbol: boolean;
  readonly lineStyle: { readonly type: string };
  readonly data: readonly (
    | readonly number[]
    | { readonly value: readonly number[]; readonly symbol: "none" }
  )[];
}

const drawn = (series: readonly LineSeries[], more: object = {}) => {
  const options = { id: "c", title: "C", description: "D", xLabel: "x", yLabel: "y", ...more };
  return lineChart({ ...options, series }).option as {
    readonly series: readonly DrawnSeries[];
    readonly yAxis: { readonly type: string; readonly name: string };
  };
};

const points = (count: number): [number, number][] => Array.from({ length: count }, (_, x) => [x, x * x]);

describe("lineChart", () => {
  it("tells series apart by more than their colour", () => {
    const many = Array.from({ length: 14 }, (_, index) => ({ name: `s${index}`, points: points(3) }));
    const looks = drawn(many).series.map(({ symbol, lineStyle }) => `${symbol} ${lineStyle.type}`);
    assert.equal(new Set(looks).size, 14);
  });

  it("lets what belongs together share a colour and differ by dashes", () => {
    const [a, b] = drawn([
      { name: "validation", points: points(3), color: 4 },
      { name: "training", points: points(3), color: 4, dashed: true },
    ]).series;
    assert.equal(a.color, b.color);
    assert.deepEqual([a.lineStyle.type, b.lineStyle.type], ["solid", "dashed"]);
  });

  it("keeps every point, and marks some along the line where there are many", () => {
    const [, series] = drawn([
      { name: "a", points: points(3) },
      { name: "b", points: points(500) },
    ]).series;
    assert.deepEqual(
      series.data.map((point) => ("value" in point ? point.value : point)),
      points(500),
    );
    const marked = series.data.filter((point) => !("value" in point));
    assert.ok(marked.length >= 8 && marked.length <= 17, `${marked.length} markers`);
    assert.ok("value" in series.data[1] && !("value" in series.data[0]));
  });

  it("draws one line without markers, but a lone point with one", () => {
    assert.equal(drawn([{ name: "a", points: points(5) }]).series[0].showSymbol, false);
    assert.equal(drawn([{ name: "a", points: points(1) }]).series[0].showSymbol, true);
  });

  it("names unit and scale", () => {
    const { yAxis } = drawn([{ name: "a", points: points(5) }], { unit: "%", logY: true });
    assert.equal(yAxis.name, "y (%)");
    assert.equal(yAxis.type, "log");
  });
});
