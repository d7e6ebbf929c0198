import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { shortestDecimal } from "./shortest-decimal.js";

describe("the decimal that a single-precision number stands for", () => {
  it("has as few digits as tell it from its neighbours", () => {
    for (const decimal of [0.001, 1e-5, 0.1, 0.3, 1, 0.99, -0.25, 1.0507009])
      assert.equal(shortestDecimal(Math.fround(decimal)), decimal);
  });

  it("rounds to the same number, whatever that is", () => {
    const property = fc.property(fc.float(), (value) => {
      assert.deepEqual(Math.fround(shortestDecimal(value)), value + 0);
    });
    fc.assert(property);
  });
});
