import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { lineChartSvg } from "./svgChart.js";

const options = {
  title: "Loss & accuracy",
  description: "Loss < 1",
  xLabel: "Epoch",
  yLabel: "Loss",
  series: [
    {
      name: "training",
      points: [
        [0, 1],
        [1, 0.5],
      ] as const,
    },
    {
      name: "validation",
      points: [
        [0, 1.1],
        [1, 0.7],
      ] as const,
    },
  ],
};

describe("lineChartSvg", () => {
  const svg = lineChartSvg(options);

  it("tells what it shows, escaped", () => {
    assert.match(svg, /^<svg role="img" [^>]*><title>Loss &amp; accuracy<\/title><desc>Loss &lt; 1<\/desc>/);
  });

  it("names its axes and, where there are several, its lines", () => {
    for (const text of ["Epoch", "Loss", "training", "validation"])
      assert.ok(svg.includes(`>${text}</text>`), text);
    const single = lineChartSvg({ ...options, series: options.series.slice(0, 1) });
    assert.ok(!single.includes(">training</text>"));
  });

  it("has no NaN and nothing from elsewhere", () => {
    assert.doesNotMatch(svg, /NaN|undefined|<script|(?:href|src)=/);
  });
});
