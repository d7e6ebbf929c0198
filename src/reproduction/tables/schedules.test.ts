import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cellOf } from "../../report/table-data.js";
import type { ReproductionResults } from "../results/results.js";
import { syntheticResults } from "../testing/synthetic.js";
import { tables } from "./index.js";

const schedulesTable = (results: ReproductionResults) => tables.schedules(results, "file");
const startRatesTable = (results: ReproductionResults) => tables["start-rates"](results, "file");

const made = syntheticResults({ part: "schedules", epochs: 20, images: 50 });

/** Constant rates that never get to 90 %, or only by some seeds. */
const reaching = (seeds: readonly number[]) => ({
  ...made,
  records: made.records.map((record) => ({
    ...record,
    history: record.history.map((epoch) => ({
      ...epoch,
      validationAccuracy:
        (seeds.includes(record.config.seed) && epoch.epoch >= 3 ? 0.9 : 0.5) + epoch.validationAccuracy / 100,
    })),
  })),
});

/** A schedule's row of the start rates, by the columns' titles. */
function startRates(results: ReproductionResults, schedule: string): Record<string, string> {
  const { columns, rows } = startRatesTable(results);
  const row = rows.find(([title]) => title === schedule)!;
  return Object.fromEntries(columns.map(({ title }, index) => [title, cellOf(row[index]).text]));
}

describe("the schedules' tables", () => {
  it("have seven rows, each at its chosen rate", () => {
    const { rows } = schedulesTable(made);
    assert.equal(rows.length, 7);
    const rates = startRatesTable(made);
    const chosen = rates.columns.length - 1;
    for (const [index, row] of rows.entries()) {
      assert.equal(cellOf(row[1]).value, cellOf(rates.rows[index][chosen]).value);
      assert.equal(row[8], "3 × 6");
    }
  });

  it("say who never gets to 90 %, and how many do", () => {
    assert.equal(cellOf(schedulesTable(reaching([])).rows[0][5]).text, "never");
    assert.equal(cellOf(schedulesTable(reaching([1, 2, 3])).rows[0][5]).text, "3.0 ± 0.0");
    assert.equal(cellOf(schedulesTable(reaching([1, 3])).rows[0][5]).text, "3.0 ± 0.0 (2 of 3)");
  });

  it("say what isn't run yet", () => {
    const few = {
      ...made,
      records: made.records.filter(({ id }) => id.includes("schedule-constant-0.002-seed1")),
    };
    const planned = made.planned.filter(({ id }) => /schedule-constant-.*-seed1$/.test(id)).length;
    const row = schedulesTable(few).rows[0].map((cell) => cellOf(cell).text);
    assert.deepEqual([row[1], row[2], row[8]], ["not chosen yet", "–", `1 of ${planned} start rates tried`]);
    const tried = startRates(few, "constant");
    assert.deepEqual(
      [tried["0.0007"], tried["0.006"], tried.chosen],
      ["not run yet", "not run yet", "not chosen yet"],
    );
    assert.match(tried["0.002"], /^\d\d\.\d\d$/);
  });

  it("show a start rate that diverged", () => {
    const records = made.records.map((record) =>
      record.id.includes("schedule-step-0.006")
        ? { ...record, outcome: "diverged" as const, history: [], bestEpoch: 0, test: null }
        : record,
    );
    assert.equal(startRates({ ...made, records }, "step")["0.006"], "diverged");
  });
});
