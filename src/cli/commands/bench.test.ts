import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ceilingsOf } from "./bench.js";

describe("heddle bench", () => {
  it("has a ceiling for each number of threads, the median over its rows", () => {
    const rows = [
      [1, 100],
      [1, 90],
      [2, 60],
      [2, 50],
      [2, 80],
    ].map(([threads, fmaGflopsPerThread]) => ({ threads, fmaGflopsPerThread }));
    assert.deepEqual(ceilingsOf(rows), [
      { threads: 1, fmaGflopsPerThread: 95 },
      { threads: 2, fmaGflopsPerThread: 60 },
    ]);
  });
});
