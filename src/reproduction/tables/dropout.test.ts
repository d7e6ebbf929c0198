import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cellOf } from "../../report/table-data.js";
import { dropoutCharts } from "../figures/index.js";
import { syntheticResults } from "../testing/synthetic.js";
import { dropoutTable } from "./dropout.js";

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

  it("says what isn't run yet, and has no picture then", () => {
    assert.deepEqual(
      dropoutTable(lacking).rows.map((row) => row[8]),
      ["3 × 4", "not run yet"],
    );
    assert.deepEqual(dropoutCharts(lacking), []);
    assert.deepEqual(
      dropoutCharts(made).map(({ name }) => name),
      ["dropout-accuracy"],
    );
  });
});
