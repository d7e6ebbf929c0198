import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { milliseconds } from "./results.js";

describe("milliseconds", () => {
  it("have three figures, or all whole ones", () => {
    const written = [0.00312, 0.0497, 0.5, 9.996, 37.04, 99.96, 120, 116_000].map(milliseconds);
    assert.deepEqual(written, ["0.00312", "0.0497", "0.500", "10.0", "37.0", "100", "120", "116,000"]);
  });
});
