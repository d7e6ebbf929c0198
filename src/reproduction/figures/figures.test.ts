import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { chartSvg } from "../../report/chart.js";
import { syntheticResults } from "../testing/synthetic.js";
import { figures } from "./index.js";

const made = syntheticResults({ epochs: 12, images: 300 });
const nothing = { ...made, planned: [], records: [], predictions: new Map() };

describe("the figures", () => {
  it("are drawn where the trials are there", () => {
    for (const [name, of] of Object.entries(figures)) {
      const { chart } = of(made)!;
      assert.equal(chart.id, name);
      const svg = chartSvg(chart);
      assert.match(svg, /^<svg /);
      assert.doesNotMatch(svg, /NaN|undefined/);
      const number = /^figure-(\d)/.exec(name)?.[1];
      if (number) assert.match(svg, new RegExp(`Figure ${number}`), "the title is in the picture");
    }
  });

  it("are missing without trials, but for the learning rate, which needs none", () => {
    const drawn = Object.keys(figures).filter((name) => figures[name](nothing));
    assert.deepEqual(drawn, ["figure-2"]);
  });

  it("are no ROC curves without predictions, and a confusion matrix all the same", () => {
    const without = { ...made, predictions: new Map() };
    const drawn = ["figure-6", "figure-7", "figure-8"].filter((name) => figures[name](without));
    assert.deepEqual(drawn, ["figure-6"]);
  });

  it("compare dropout only where there are trials of both", () => {
    const records = made.records.filter(({ config }) => config.dropout);
    assert.equal(figures["dropout-accuracy"]({ ...made, records }), undefined);
  });

  it("draw the printed rate from 0.1 to about 0.01", () => {
    assert.match(
      figures["figure-2"](nothing)!.note!,
      /falls from 0\.1 to 0\.011, half of the way in the first 7 of 50 epochs/,
    );
  });

  it("draw every schedule that is run", () => {
    for (const name of ["schedules-accuracy", "schedules-rate"])
      assert.match(chartSvg(figures[name](made)!.chart), /inverse time \(Eq\. 6\)/);
  });

  it("say which trials are drawn", () => {
    const seedsOf = (name: string) => figures[name](made)!.sources!.map((id) => id.slice(-1));
    for (const name of ["figure-6", "figure-7", "figure-8"]) {
      assert.deepEqual(seedsOf(name), ["1"], name);
      assert.equal(figures[name](made)!.note, "Of the Proposed CNN of seed 1 alone.");
    }
    assert.deepEqual(seedsOf("figure-4-accuracy"), ["1", "2", "3"]);
  });

  it("say where the training loss counts smoothed labels and the validation loss doesn't", () => {
    const { note, chart } = figures["figure-5-loss"](made)!;
    assert.match(note!, /labels smoothed by 0\.05, the validation loss of plain ones/);
    assert.match(chart.title, /training: of smoothed labels/);
    const records = made.records.map((record) => ({
      ...record,
      config: { ...record.config, labelSmoothing: 0 },
    }));
    const plain = figures["figure-5-loss"]({ ...made, records })!;
    assert.doesNotMatch(`${plain.note} ${plain.chart.title}`, /smoothed/);
  });
});
