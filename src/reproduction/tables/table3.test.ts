import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cellOf } from "../../report/table-data.js";
import type { PaperModel } from "../paper/paper.js";
import type { ReproductionResults } from "../results/results.js";
import { syntheticResults } from "../testing/synthetic.js";
import { shownTables } from "./index.js";

const table3 = (results: ReproductionResults, model: PaperModel) =>
  shownTables[`table-3-${model}`](results, "page");

const made = syntheticResults({ epochs: 2, images: 100, part: "table2" });

/** Shirt's precision in the Proposed CNN's trials, by seed. */
const results = {
  ...made,
  records: made.records.map((record) => ({
    ...record,
    test: {
      ...record.test!,
      classes: record.test!.classes.map((each) =>
        each.name === "Shirt" ? { ...each, precision: 0.7 + 0.01 * record.config.seed } : each,
      ),
    },
  })),
};

describe("Table 3", () => {
  it("sets each class beside the paper's, the deviation in a note", () => {
    const { rows, columns } = table3(results, "proposed");
    assert.equal(rows.length, 10);
    assert.equal(columns.length, 10);
    const shirt = rows[6].map(cellOf);
    assert.deepEqual(
      shirt.slice(0, 4).map(({ text }) => text),
      ["Shirt", "0.78", "0.720", "−0.06"],
    );
    assert.equal(shirt[2].note, "± 0.010");
    assert.equal(shirt[2].sources?.length, 3);
    assert.equal(shirt[3].tone, "bad");
  });

  it("doesn't call what is written as 0.00 behind", () => {
    const row = table3(results, "lenet").rows[6].map(cellOf);
    assert.deepEqual([row[1].text, row[3].text, row[3].tone], ["0.67", "+0.05", "good"]);
    const level = {
      ...results,
      records: results.records.map((record) => ({
        ...record,
        test: { ...record.test!, macro: { precision: 0.879, recall: 0.88, f1: 0.5 } },
      })),
    };
    const average = table3(level, "lenet").footRows![0].map(cellOf);
    assert.deepEqual([average[3].text, average[3].tone], ["0.00", "good"]);
  });

  it("has all models in one for a file, deviations written out", () => {
    const { rows } = shownTables["table-3"](results, "file");
    assert.equal(rows.length, 5 * 11);
    assert.ok(rows.some((row) => cellOf(row[3]).text === "0.720 ± 0.010"));
  });

  it("has the paper's figures alone where nothing is run", () => {
    const { rows, caption } = table3({ ...made, records: [], planned: [] }, "cnn");
    assert.deepEqual(
      rows[0].slice(0, 4).map((cell) => cellOf(cell).text),
      ["T-shirt/top", "0.86", "–", "–"],
    );
    assert.match(caption!, /not run yet/);
  });
});
