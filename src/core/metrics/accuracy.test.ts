import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { topKAccuracy } from "./accuracy.js";
import { predictedClasses, predictionsOf } from "./predictions.js";

describe("top-k accuracy", () => {
  it("puts the higher class first among equals, unlike the predicted class", () => {
    const tied = Float32Array.of(0.25, 0.25, 0.25, 0.25);
    const hit = (label: number, k: number) => topKAccuracy(predictionsOf(tied, [label], 4), k);
    assert.deepEqual(
      [0, 1, 2, 3].map((label) => hit(label, 2)),
      [0, 0, 1, 1],
    );
    assert.deepEqual([...predictedClasses(predictionsOf(tied, [0], 4))], [0]);
  });

  it("is 1 where k is the number of classes", () => {
    assert.equal(topKAccuracy(predictionsOf(Float32Array.of(1, 0, 0), [2], 3), 3), 1);
  });
});
