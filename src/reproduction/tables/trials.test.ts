import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { tableHtml } from "../../report/table.js";
import { cellOf } from "../../report/table-data.js";
import type { ReproductionResults } from "../results/results.js";
import { syntheticResults } from "../testing/synthetic.js";
import { tables } from "./index.js";

const trialsTable = (results: ReproductionResults) => tables.trials(results, "file");

const made = syntheticResults({ epochs: 6, images: 50, part: "printed" });

describe("the table of trials", () => {
  it("has every trial with its settings and machine", () => {
    const { rows } = trialsTable(made);
    assert.equal(rows.length, 2);
    const [adam, sgd] = rows.map((row) => row.map((cell) => cellOf(cell).text));
    assert.deepEqual(adam.slice(0, 6), ["printed-adam-seed1", "Proposed CNN", "128", "2 of 6", "1", "0.1"]);
    assert.match(adam.join(), /diverged: The loss is not finite/);
    assert.match(sgd.join(), /sgd; dynamic, .*decay 5.*rho 0\.1/);
  });

  it("can be linked to in the page, which leaves out what many rows share", () => {
    const page = tables.trials(made, "page");
    const { html } = tableHtml(page);
    for (const { id } of made.records) assert.equal(html.split(`id="trial-${id}"`).length, 2);
    assert.ok(page.columns.length < trialsTable(made).columns.length);
    assert.match(html, /title="The loss is not finite\."/);
  });

  it("says when a trial went on elsewhere", () => {
    const [record] = made.records;
    const elsewhere = { ...record.environment, processor: "Another", epochsDone: 1 };
    const moved = { ...record, environment: { ...record.environment, resumed: [elsewhere] } };
    const row = trialsTable({ ...made, records: [moved] }).rows[0];
    assert.match(cellOf(row[14]).text, /^Made-up .*; then Another, 2 threads/);
  });
});
