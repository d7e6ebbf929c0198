import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decodePredictions, encodePredictions } from "./predictions-file.js";

describe("predictions in a file", () => {
  it("keep labels as they are, however many classes there are", () => {
    for (const labels of [
      [0, 255],
      [3, 256],
      [65_535, 65_536],
      [70_000, 3],
    ]) {
      const file = encodePredictions({
        probabilities: new Float32Array(4),
        labels: Uint32Array.from(labels),
      });
      assert.deepEqual(Array.from(decodePredictions(file, "file").labels), labels);
    }
  });
});
