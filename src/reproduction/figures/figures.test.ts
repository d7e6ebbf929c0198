import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chartSvg } from "../../report/chart.js";
import { syntheticResults } from "../testing/synthetic.js";
import { paperFigures, scheduleCharts } from "./index.js";

const made = syntheticResults({ epochs: 12, images: 300 });
const nothing = { ...made, planned: [], records: [], predictions: new Map() };

describe("the paper's figures", () => {
  it("are drawn where the trials are there, each beside what the paper says of its own", () => {
    const figures = paperFigures(made);
    assert.deepEqual(
      figures.map(({ number, charts }) => [number, charts.length]),
      [
        [2, 1],
        [4, 2],
        [5, 2],
        [6, 1],
        [7, 1],
        [8, 1],
      ],
    );
    for (const { paper, here, where, charts, number } of figures) {
      assert.match(paper, /\.\)?$/);
      for (const { text } of here) assert.match(text, /\.$/);
      assert.match(where, new RegExp(`Figure ${number}`));
      for (const { chart } of charts) {
        const svg = chartSvg(chart);
        assert.match(svg, /^<svg /);
        assert.match(svg, new RegExp(`Figure ${number}`), "the title is in the picture");
        assert.doesNotMatch(svg, /NaN|undefined/);
      }
    }
  });

  it("say what is missing, but for the learning rate, which needs no trial", () => {
    for (const { number, charts, here } of paperFigures(nothing)) {
      if (number === 2) assert.equal(charts.length, 1);
      else {
        assert.deepEqual(charts, []);
        assert.match(here[0].text, /^Not run yet: needs /);
      }
    }
    assert.deepEqual(scheduleCharts(nothing), []);
  });

  it("have no ROC curves without predictions, and a confusion matrix all the same", () => {
    const charts = paperFigures({ ...made, predictions: new Map() }).map(({ charts }) => charts.length);
    assert.deepEqual(charts, [1, 2, 2, 1, 0, 0]);
  });

  it("draw the printed rate from 0.1 to about 0.01", () => {
    assert.match(
      paperFigures(nothing)[0].here[0].text,
      /falls from 0\.1 to 0\.011, half of the way in the first 7 of 50 epochs/,
    );
  });

  it("draw every schedule that is run", () => {
    const [accuracy, rates] = scheduleCharts(made).map(({ chart }) => chartSvg(chart));
    for (const svg of [accuracy, rates]) assert.match(svg, /inverse time \(Eq\. 6\)/);
  });

  it("say whose trials the figures are from, and whose is drawn", () => {
    const seeds = (ids: readonly string[]) => ids.map((id) => id.slice(-1));
    for (const { here, drawn, number } of paperFigures(made).slice(3)) {
      for (const { sources, text } of here) assert.deepEqual(seeds(sources), ["1", "2", "3"], text);
      assert.deepEqual(seeds(drawn!.sources), ["1"], `Figure ${number}`);
      assert.equal(drawn!.text, "Drawn: the Proposed CNN of seed 1 alone.");
    }
    const [, cnn] = paperFigures(made);
    assert.deepEqual(seeds(cnn.drawn!.sources), ["1", "2", "3"]);
  });

  it("say where the training loss counts smoothed labels and the validation loss doesn't", () => {
    const smoothed = paperFigures(made).slice(1, 3);
    for (const { drawn, charts } of smoothed) {
      assert.match(drawn!.text, /labels smoothed by 0\.05 and can't fall below 0\.282 nats/);
      assert.match(charts[1].chart.title, /training: of smoothed labels/);
      assert.doesNotMatch(charts[0].chart.title, /smoothed/);
    }
    const records = made.records.map((record) => ({
      ...record,
      config: { ...record.config, labelSmoothing: 0 },
    }));
    for (const { drawn, charts } of paperFigures({ ...made, records }).slice(1, 3)) {
      assert.doesNotMatch(drawn!.text, /smoothed/);
      assert.doesNotMatch(charts[1].chart.title, /smoothed/);
    }
  });
});
