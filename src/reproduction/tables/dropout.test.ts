import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cellOf } from "../../report/table-data.js";
import type { ReproductionResults } from "../results/results.js";
import { syntheticResults } from "../testing/synthetic.js";
import { tables } from "./index.js";

const dropoutTable = (results: ReproductionResults) => tables.dropout(results, "file");

const made = syntheticResults({ epochs: 4, images: 50 });
const lacking = { ...made, records: made.records.filter(({ config }) => config.dropout) };

describe("dropout's table", () => {
  it("has the network with dropout and without, each from its own trials", () => {
    const sources = dropoutTable(made).rows.map((row) => cellOf(row[1]).sources);
    assert.deepEqual(
      sources,
      ["made-up-proposed-128", "made-up-without-dropout"].map((name) =>
        [1, 2, 3].map((seed) => `${name}-seed${seed}`),
      ),
    );
    assert.deepEqual(
      dropoutTable(made).rows.map((row) => row[8]),
      ["3 × 4", "3 × 4"],
    );
  });

  it("says what isn't run yet", () => {
    assert.deepEqual(
      dropoutTable(lacking).rows.map((row) => cellOf(row[8]).text),
      ["3 × 4", "not run yet"],
    );
  });
});
