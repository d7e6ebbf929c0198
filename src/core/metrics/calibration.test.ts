import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { expectedCalibrationError, reliabilityBins } from "./calibration.js";
import { predictionsOf } from "./predictions.js";

describe("reliability bins", () => {
  it("close on the right", () => {
    // With four bins, 0.5 belongs to (0.25, 0.5] and the least float32 above it to (0.5, 0.75].
    const justAbove = 0.5 + 2 ** -24;
    const probabilities = Float32Array.of(0.5, 0.5, justAbove, 1 - justAbove, 1, 0);
    const bins = reliabilityBins(predictionsOf(probabilities, [0, 0, 1], 2), 4);
    assert.deepEqual(
      bins.map(({ count }) => count),
      [0, 1, 1, 1],
    );
  });

  it("hold means of confidence and accuracy", () => {
    const probabilities = Float32Array.of(0.75, 0.25, 0.625, 0.375, 0.25, 0.75);
    const bins = reliabilityBins(predictionsOf(probabilities, [0, 1, 1], 2), 2);
    assert.deepEqual(bins, [
      { from: 0, to: 0.5, count: 0, confidence: 0, accuracy: 0 },
      { from: 0.5, to: 1, count: 3, confidence: 2.125 / 3, accuracy: 2 / 3 },
    ]);
    assert.equal(expectedCalibrationError(bins), 2.125 / 3 - 2 / 3);
  });
});
