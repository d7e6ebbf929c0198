import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cellOf } from "../../report/table-data.js";
import type { ReproductionResults } from "../results/results.js";
import { syntheticResults } from "../testing/synthetic.js";
import { tables } from "./index.js";

const arithmeticTable = (results: ReproductionResults) => tables.arithmetic(results, "file");

const made = syntheticResults({ epochs: 4, images: 50 });
const isCnn = (id: string): boolean => id.startsWith("made-up-cnn-128");

describe("the table of two arithmetics", () => {
  it("has a row for each model of which there are both, the difference between their means", () => {
    const earlier = made.records
      .filter(({ id, test }) => isCnn(id) && test)
      .map((record) => ({
        ...record,
        config: { ...record.config, arithmeticVersion: 1 },
        test: { ...record.test!, accuracy: record.test!.accuracy - 0.02 },
      }));
    const { rows } = arithmeticTable({ ...made, earlier });
    assert.equal(rows.length, 1);
    const [title, version, before, now, difference] = rows[0].map((cell) => cellOf(cell));
    assert.deepEqual([title.text, version.text, difference.text], ["CNN", "1 → 2", "+2.00"]);
    assert.equal(before.sources, undefined);
    assert.ok(now.sources?.every(isCnn));
  });

  it("compares the seeds that both have alone", () => {
    const earlier = made.records.filter(({ id }) => id === "made-up-cnn-128-seed1");
    const of = (record: (typeof made.records)[number]): number => record.test!.accuracy;
    const records = made.records.map((record) =>
      isCnn(record.id) && record.config.seed > 1
        ? { ...record, test: { ...record.test!, accuracy: 0.1 } }
        : record,
    );
    const [row] = arithmeticTable({ ...made, records, earlier }).rows;
    const cells = row.map((cell) => cellOf(cell).text);
    assert.equal(cells[2], cells[3]);
    assert.equal(cells[3], (100 * of(earlier[0])).toFixed(2));
    assert.deepEqual(cells.slice(4), ["0.00", "1 × 4"]);
  });

  it("is empty where nothing was trained by another", () => {
    assert.deepEqual(arithmeticTable(made).rows, []);
  });
});
