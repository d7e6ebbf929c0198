import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decimal, hundredths, rate, signed } from "./numbers.js";

describe("how figures are written", () => {
  it("has a true minus sign and no negative zero", () => {
    assert.deepEqual(
      [decimal(-1.5, 1), decimal(-0.004, 2), hundredths(0.92345), hundredths(0.5, 0)],
      ["−1.5", "0.00", "92.34", "50"],
    );
    assert.deepEqual(
      [signed(0.4, 2), signed(-0.4, 2), signed(0.001, 2), signed(-0.001, 2)],
      ["+0.40", "−0.40", "0.00", "0.00"],
    );
  });

  it("writes rates", () => {
    assert.deepEqual([rate(0.002), rate(1e-8)], ["0.002", "1e-8"]);
  });
});
