import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { comparisonOf, comparisonTable, orderOf, type Pair, slowerThan } from "./pairs.js";

const pair = (first: Pair["first"], before: number, after: number): Pair => ({ first, before, after });

const compared = (...pairs: readonly Pair[]) => comparisonOf("train/cnn/1", 2, pairs);

describe("pairs of builds", () => {
  it("come in one order, then in the other", () => {
    assert.deepEqual([0, 1, 2].map(orderOf), [
      ["before", "after"],
      ["after", "before"],
      ["before", "after"],
    ]);
  });
});

describe("a comparison", () => {
  it("is the median of the ratios within the pairs, not the ratio of medians", () => {
    const one = compared(
      pair("before", 10, 11),
      pair("after", 20, 20),
      pair("before", 10, 12),
      pair("after", 40, 36),
    );
    assert.deepEqual([one.beforeMs, one.afterMs, one.pairs.length], [15, 16, 4]);
    assert.ok(Math.abs(one.ratio - 1.05) < 1e-12);
    assert.ok(Math.abs(one.beforeFirst! - 1.15) < 1e-12);
    assert.ok(Math.abs(one.afterFirst! - 0.95) < 1e-12);
    assert.ok(one.lowerQuartile < one.ratio && one.ratio < one.upperQuartile);
  });

  it("names what got slower by more than a share, and what was not measured", () => {
    assert.deepEqual(slowerThan([compared(pair("before", 100, 103))], 0.03), []);
    assert.equal(slowerThan([compared(pair("before", 100, 103.1))], 0.03).length, 1);
    assert.equal(slowerThan([compared(pair("before", 100, Number.NaN))], 0.03).length, 1);
  });

  it("is a line of a table", () => {
    const lines = comparisonTable([compared(pair("before", 10, 11))]).split("\n");
    assert.equal(lines.length, 3);
    assert.equal(lines[2], "| train/cnn/1 | 2 | 10.0 | 11.0 | 1.100 | 1.100 – 1.100 | 1.100 | – |");
  });
});
