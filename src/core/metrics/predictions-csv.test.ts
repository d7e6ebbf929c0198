import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { predictionsCsv } from "./predictions-csv.js";

describe("predictionsCsv", () => {
  it("has a header and a row an image, nine significant digits", () => {
    assert.deepEqual(
      [...predictionsCsv(Float32Array.of(0.1, 0.9, 1, 1e-12), [1, 0], 2)],
      ["index,label,predicted,p0,p1", "0,1,1,0.100000001,0.899999976", "1,0,0,1.00000000,9.99999996e-13"],
    );
  });

  it("gives every probability back exactly", () => {
    fc.assert(
      fc.property(fc.float({ min: 0, max: 1, noNaN: true }), (probability) => {
        const [, row] = predictionsCsv(Float32Array.of(probability), [0], 1);
        assert.equal(Math.fround(Number(row.split(",")[3])), Math.fround(probability));
      }),
    );
  });

  it("refuses sizes that don't fit before the first line", () => {
    assert.throws(() => predictionsCsv(new Float32Array(3), [0], 2), /Got 3 probabilities for 1 labels/);
  });
});
