import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  comparisonsOf,
  comparisonTable,
  type Measured,
  orderOf,
  type Pair,
  pairUp,
  slowerThan,
} from "./pairs.js";

const row = (medianMs: number, more: Partial<Measured> = {}): Measured => ({
  name: "train/cnn/1",
  threads: 2,
  medianMs,
  rounds: [medianMs],
  fmaGflopsPerThread: 50,
  ...more,
});

const pair = (first: Pair["first"], before: number, after: number): Pair => ({
  first,
  before: row(before),
  after: row(after),
});

describe("pairs of builds", () => {
  it("come in one order, then in the other", () => {
    assert.deepEqual([0, 1, 2].map(orderOf), [
      ["before", "after"],
      ["after", "before"],
      ["before", "after"],
    ]);
  });

  it("are of the same row on the same threads", () => {
    const other = { name: "train/cnn/2", threads: 1 };
    const pairs = pairUp("after", [row(1), row(2, other)], [row(4, other), row(3)]);
    assert.deepEqual(
      pairs.map(({ first, before, after }) => [first, before.medianMs, after.medianMs]),
      [
        ["after", 2, 4],
        ["after", 1, 3],
      ],
    );
  });

  it("refuse a row that only one build has, or has on other threads", () => {
    const one = row(1, { threads: 1 });
    assert.throws(
      () => pairUp("before", [row(1)], [row(1), one]),
      /^Error: train\/cnn\/1 on 1 threads is measured by the build after alone/,
    );
    assert.throws(
      () => pairUp("before", [row(1), one], [row(1)]),
      /^Error: train\/cnn\/1 on 1 threads is measured by the build before alone/,
    );
  });
});

describe("a comparison", () => {
  it("is the median of the ratios within the pairs, not the ratio of medians", () => {
    const [one, ...more] = comparisonsOf([
      pair("before", 10, 11),
      pair("after", 20, 20),
      pair("before", 10, 12),
      pair("after", 40, 36),
    ]);
    assert.deepEqual(more, []);
    assert.deepEqual([one.beforeMs, one.afterMs, one.pairs], [15, 16, 4]);
    assert.ok(Math.abs(one.ratio - 1.05) < 1e-12);
    assert.ok(Math.abs(one.beforeFirst! - 1.15) < 1e-12);
    assert.ok(Math.abs(one.afterFirst! - 0.95) < 1e-12);
    assert.ok(one.lowerQuartile < one.ratio && one.ratio < one.upperQuartile);
  });

  it("keeps rows and threads apart, in the order in which they came", () => {
    const single = {
      first: "before",
      before: row(1, { threads: 1 }),
      after: row(2, { threads: 1 }),
    } as const;
    const rows = comparisonsOf([single, pair("after", 1, 1), single]);
    assert.deepEqual(
      rows.map(({ threads, pairs, ratio, afterFirst }) => [threads, pairs, ratio, afterFirst]),
      [
        [1, 2, 2, null],
        [2, 1, 1, 1],
      ],
    );
  });

  it("takes out what the machine's own speed did between two processes", () => {
    const slowed = { first: "before", before: row(10), after: row(20, { fmaGflopsPerThread: 25 }) } as const;
    const [{ ratio, besideCeiling }] = comparisonsOf([slowed]);
    assert.deepEqual([ratio, besideCeiling], [2, 1]);
  });

  it("names what got slower by more than a share, and what was not measured", () => {
    const fine = comparisonsOf([pair("before", 100, 103)]);
    assert.deepEqual(slowerThan(fine, 0.03), []);
    assert.equal(slowerThan(comparisonsOf([pair("before", 100, 103.1)]), 0.03).length, 1);
    assert.equal(slowerThan(comparisonsOf([pair("before", 100, Number.NaN)]), 0.03).length, 1);
  });

  it("is a line of a table", () => {
    const lines = comparisonTable(comparisonsOf([pair("before", 10, 11)])).split("\n");
    assert.equal(lines.length, 3);
    assert.equal(lines[2], "| train/cnn/1 | 2 | 10.0 | 11.0 | 1.100 | 1.100 – 1.100 | 1.100 | – | 1.100 |");
  });
});
