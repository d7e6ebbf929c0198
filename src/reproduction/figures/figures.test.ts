import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chartSvg } from "../../report/chart.js";
import { syntheticResults } from "../testing/synthetic.js";
import { meanHistory } from "./curves.js";
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
      assert.match(here, /\.$/);
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
        assert.match(here, /^Not run yet: needs /);
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
      paperFigures(nothing)[0].here,
      /falls from 0\.1 to 0\.011, half of the way in the first 7 of 50 epochs/,
    );
  });

  it("draw every schedule that is run", () => {
    const [accuracy, rates] = scheduleCharts(made).map(({ chart }) => chartSvg(chart));
    for (const svg of [accuracy, rates]) assert.match(svg, /inverse time \(Eq\. 6\)/);
  });
});

describe("the mean of histories", () => {
  it("goes as far as the shortest", () => {
    const [one, other] = made.records;
    const short = { ...other, history: other.history.slice(0, 3) };
    const mean = meanHistory([one, short]);
    assert.equal(mean.length, 3);
    assert.equal(mean[2].epoch, 3);
    assert.equal(mean[2].trainLoss, (one.history[2].trainLoss + other.history[2].trainLoss) / 2);
    assert.deepEqual(meanHistory([]), []);
  });
});
