import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cellOf, type TableData } from "../../report/table-data.js";
import type { ReproductionResults } from "../results/results.js";
import { syntheticResults } from "../testing/synthetic.js";
import { type Place, tables } from "./index.js";

const table2 = (results: ReproductionResults, place: Place = "file"): TableData =>
  tables["table-2"](results, place);

const made = syntheticResults({ epochs: 4, images: 50, part: "table2" });

/** The CNN's trials with these accuracies, by seed. */
const withAccuracies = (...accuracies: readonly number[]): ReproductionResults => ({
  ...made,
  records: made.records
    .filter(({ config }) => config.model === "cnn")
    .slice(0, accuracies.length)
    .map((record, index) => ({
      ...record,
      test: { ...record.test!, accuracy: accuracies[index], loss: 0.3 },
    })),
});

const texts = (table: TableData, row: number): string[] => table.rows[row].map((cell) => cellOf(cell).text);

describe("Table 2", () => {
  it("sets the mean and its standard deviation beside the paper's figure", () => {
    // 92, 93 and 94 %: a mean of 93 with a standard deviation of 1.
    const table = table2(withAccuracies(0.92, 0.93, 0.94));
    const row = texts(table, 0);
    assert.deepEqual(row.slice(0, 5), ["CNN", "89.10", "93.00 ± 1.00", "+3.90", "yes"]);
    assert.deepEqual(row.slice(6), ["0.37", "0.300 ± 0.000", "−0.070", "–", "3 × 4", ""]);
    assert.equal(cellOf(table.rows[0][2]).sources?.length, 3);
  });

  it("says which models reach the paper's figure, to its two places", () => {
    const reached = (accuracy: number) => cellOf(table2(withAccuracies(accuracy)).rows[0][4]).text;
    assert.deepEqual([reached(0.891), reached(0.89096), reached(0.89094)], ["yes", "yes", "no"]);
  });

  it("says what is missing", () => {
    const table = table2(withAccuracies(0.92, 0.93));
    assert.equal(texts(table, 0)[10], "2 of 3 × 4");
    assert.equal(texts(table, 1)[10], "not run yet");
    assert.deepEqual(texts(table, 1).slice(0, 4), ["LeNet", "87.65", "–", "–"]);
    const empty = table2({ ...made, planned: [], records: [] });
    assert.equal(empty.rows.length, 7);
  });

  it("says in every form of it that a trial diverged, how far it came, and of how many the figures are", () => {
    const records = made.records.map((record) =>
      record.id.endsWith("-cnn-128-seed2")
        ? { ...record, outcome: "diverged" as const, history: [], bestEpoch: 0, test: null, train: null }
        : record,
    );
    for (const place of ["file", "docs", "page", "readme"] as const) {
      const row = texts(table2({ ...made, records }, place), 0);
      assert.ok(row.includes("3 × 0 to 4, 1 of 3 diverged, test figures of 2"), row.join());
    }
  });

  it("has a row for each printed setting with what became of it", () => {
    const printed = syntheticResults({ epochs: 6, images: 50, part: "printed" });
    const rows = table2({ ...printed, records: [...printed.records, ...made.records] }).rows.map((row) =>
      row.map((cell) => cellOf(cell).text),
    );
    assert.deepEqual(rows.map(([title]) => title).slice(7), ["as printed, Adam", "as printed, SGD"]);
    assert.match(rows[7][11], /^diverged in epoch 3 of 6/);
    assert.match(rows[8][11], /^trained: /);
  });

  it("has the time of an epoch of each network that is measured", () => {
    const time = { batchSize: 128, threads: 2, steps: 375, stepMilliseconds: 20, seconds: 7.5, ofCeiling: 1 };
    const times = [
      { model: "proposed", ...time },
      { model: "resNet20", ...time, seconds: 42.25 },
      { model: "resNet20", ...time, batchSize: 64 },
    ] as const;
    const table = table2({ ...made, epochTimes: { processor: "Some Processor", node: "24.0.0", times } });
    assert.deepEqual(
      table.rows.map((row) => cellOf(row[9]).text),
      ["–", "–", "–", "–", "7.5", "42.3", "–"],
    );
  });

  it("has fewer columns for the page and for the README", () => {
    const titles = (place: Place) => table2(made, place).columns.map(({ title }) => title);
    assert.deepEqual(titles("readme"), ["model", "paper", "here", "diff.", "paper", "here", "behind it"]);
    assert.equal(titles("page").length, 8);
    for (const place of ["page", "readme"] as const)
      assert.equal(table2(made, place).rows[0].length, titles(place).length);
  });
});
