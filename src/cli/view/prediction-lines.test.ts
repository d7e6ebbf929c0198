import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HeddleError } from "../../core/errors.js";
import { predictionCsv } from "./prediction-lines.js";

describe("predictions as CSV", () => {
  it("keep names that a spreadsheet would take for formulas from being such", () => {
    const predictions = [{ className: "@sum,1", label: 0, probability: 0.75 }] as const;
    assert.deepEqual(predictionCsv.lines({ file: "=cmd|x.png", predictions, unsure: false }), [
      `'=cmd|x.png,1,"'@sum,1",0,0.750000000,false,`,
    ]);
    assert.deepEqual(predictionCsv.lines({ file: "-a.png", error: new HeddleError("it is empty") }), [
      "'-a.png,,,,,,it is empty",
    ]);
  });
});
