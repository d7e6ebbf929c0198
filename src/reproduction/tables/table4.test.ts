import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cellOf } from "../../report/table-data.js";
import { parseEpochTimes } from "../results/epoch-times.js";
import type { ReproductionResults } from "../results/results.js";
import { syntheticResults } from "../testing/synthetic.js";
import { tables } from "./index.js";

const table4 = (results: ReproductionResults) => tables["table-4"](results, "file");

const made = syntheticResults({ epochs: 2, images: 50, part: "table4" });

const bench = JSON.stringify({
  environment: { processor: "Some Processor", node: "20.1.0" },
  results: [
    { name: "train/proposed/32", threads: 2, medianMs: 4, ofCeiling: 1.5 },
    { name: "train/cnn/64", threads: 2, medianMs: 4, ofCeiling: 1.5 },
    { name: "train/proposed/512", threads: 2, medianMs: 50, ofCeiling: null },
  ],
});

describe("Table 4", () => {
  it("has a row a batch size, with both areas", () => {
    const { rows } = table4(made);
    assert.deepEqual(
      rows.map((row) => cellOf(row[0]).value),
      [32, 64, 128, 256, 512],
    );
    for (const row of rows) {
      assert.match(cellOf(row[2]).text, / ± /);
      assert.match(cellOf(row[10]).text, /^\d\.\d{4} ± /);
      assert.equal(cellOf(row[8]).sources?.length, 3);
      assert.equal(cellOf(row[11]).text, "–", "no time is measured");
      assert.equal(row[12], "3 × 2");
    }
    const page = tables["table-4"](made, "page");
    assert.equal(page.rows[0].length, page.columns.length);
  });

  it("says how many seeds are there", () => {
    const few = { ...made, records: made.records.filter(({ id }) => id.endsWith("-64-seed1")) };
    assert.deepEqual(
      table4(few).rows.map((row) => cellOf(row[12]).text),
      ["not run yet", "1 of 3 × 2", "not run yet", "not run yet", "not run yet"],
    );
  });

  it("has the time of an epoch of the Proposed CNN at each size", () => {
    const epochTimes = parseEpochTimes(bench, "epoch-times.json");
    const { rows } = table4({ ...made, epochTimes });
    assert.deepEqual(
      rows.map((row) => cellOf(row[11]).text),
      ["6.0", "–", "–", "–", "4.7"],
    );
  });
});
