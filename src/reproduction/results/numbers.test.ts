import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decimal, meanAndDeviation, percent, plural, points, rate, signed } from "./numbers.js";

describe("how figures are written", () => {
  it("has a true minus sign and no negative zero", () => {
    assert.deepEqual(
      [decimal(-1.5, 1), decimal(-0.004, 2), percent(0.92345), percent(0.5, 0)],
      ["−1.5", "0.00", "92.34", "50"],
    );
    assert.deepEqual(
      [signed(0.4, 2), signed(-0.4, 2), signed(0.001, 2), signed(-0.001, 2)],
      ["+0.40", "−0.40", "0.00", "0.00"],
    );
    assert.equal(points(-0.0123), "−1.23 points");
  });

  it("leaves a deviation out where there is none", () => {
    const spread = { mean: 0.5, deviation: 0.01, observations: [] };
    assert.equal(meanAndDeviation(spread, percent), "50.00 ± 1.00");
    assert.equal(meanAndDeviation({ ...spread, deviation: null }, percent), "50.00");
  });

  it("counts, and writes rates", () => {
    assert.deepEqual(
      [plural(1, "seed"), plural(3, "seed"), plural(2000, "image")],
      ["1 seed", "3 seeds", "2,000 images"],
    );
    assert.deepEqual([rate(0.002), rate(1e-8)], ["0.002", "1e-8"]);
  });
});
