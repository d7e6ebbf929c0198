import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ChartData, chartHtml, chartSvg } from "./chart.js";
import { lineChart } from "./line-chart.js";
import { seriesColor } from "./theme.js";

const chart: ChartData = lineChart({
  id: "loss",
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
      ],
    },
    {
      name: "<validation>",
      points: [
        [0, 1.1],
        [1, 0.7],
      ],
      dashed: true,
    },
  ],
});

describe("chartHtml", () => {
  const { html } = chartHtml(chart);

  it("holds the drawn picture, named and described, in colours that follow the ground", () => {
    assert.match(
      html,
      /<svg viewBox="0 0 680 360" role="img" aria-labelledby="loss-title loss-desc"><title id="loss-title">Loss &amp; accuracy<\/title><desc id="loss-desc">Loss &lt; 1<\/desc>/,
    );
    const picture = html.slice(html.indexOf('<div class="static">'), html.indexOf("</svg>\n</div>"));
    // What clips a line has a colour that nobody sees.
    const svg = picture.replace(/<defs.*?<\/defs>/gs, "");
    const colours = [...svg.matchAll(/(?:fill|stroke)="([^"]*)"/g)].map(([, color]) => color);
    assert.ok(colours.includes(seriesColor(0)) && colours.includes(seriesColor(1)));
    assert.deepEqual(
      colours.filter((color) => !/^(?:none|transparent|var\(--[\w-]+\))$/.test(color)),
      [],
    );
  });

  it("holds what a live chart needs, as data", () => {
    const [, data] = html.match(/<script type="application\/json">(.*?)<\/script>/s)!;
    const option = JSON.parse(data);
    assert.deepEqual(option.series[0].data, [
      [0, 1],
      [1, 0.5],
    ]);
    assert.equal(option.xAxis.name, "Epoch");
    assert.match(
      html,
      /<div class="live" role="img" aria-label="Loss &amp; accuracy\. Loss &lt; 1" data-height="360" hidden>/,
    );
  });

  it("lists its series, dashes and markers too, and leaves the list out where there is one", () => {
    assert.match(
      html,
      /data-series="training"><svg [^>]*><path d="M1 6h26"[^>]*stroke-width="2"\/><path d="M2 6a4/,
    );
    assert.match(html, /data-series="&lt;validation&gt;"><svg [^>]*><path [^>]*stroke-dasharray="6 3"\/>/);
    const alone = lineChart({
      id: "a",
      title: "A",
      description: "A",
      xLabel: "x",
      yLabel: "y",
      series: [{ name: "a", points: [[0, 1]] }],
    });
    assert.ok(!chartHtml(alone).html.includes('class="legend"'));
  });
});

describe("chartSvg", () => {
  const svg = chartSvg(chart);

  it("tells what it shows, escaped", () => {
    assert.match(svg, /^<svg role="img" [^>]*><title>Loss &amp; accuracy<\/title><desc>Loss &lt; 1<\/desc>/);
  });

  it("names its axes and, where there are several, its lines", () => {
    for (const text of ["Loss &amp; accuracy", "Epoch", "Loss", "training", "&lt;validation&gt;"])
      assert.ok(svg.includes(`>${text}</text>`), text);
  });

  it("stands alone: no variables, no NaN, nothing from elsewhere", () => {
    assert.doesNotMatch(svg, /var\(|NaN|undefined|<script|(?:href|src)=/);
    assert.match(svg, /<rect [^>]*fill="#ffffff"/);
  });

  it("is the same bytes every time", () => {
    assert.equal(chartSvg(chart), svg);
  });
});

describe("a logarithmic axis", () => {
  it("has powers of ten as people write them", () => {
    const points = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2].map((value, index) => [index, value] as const);
    const axes = { xLabel: "Epoch", yLabel: "Rate", logY: true, yMin: 1e-6 };
    const svg = chartSvg(
      lineChart({ id: "r", title: "R", description: "", ...axes, series: [{ name: "a", points }] }),
    );
    const ticks = [...svg.matchAll(/>(0\.0\d+|1e-\d+)</g)].map(([, tick]) => tick);
    assert.deepEqual(
      ticks.toSorted((a, b) => Number(a) - Number(b)),
      ["0.000001", "0.00001", "0.0001", "0.001", "0.01"],
    );
  });
});
