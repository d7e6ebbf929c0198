import assert from "node:assert/strict";
import { it } from "node:test";
import { headProbabilities } from "./head-probabilities.js";

it("a head's probabilities are the mean of those of an image and its mirror image", () => {
  const kernel = { name: "kernel", shape: [2, 2], data: Float32Array.of(1, 0, 0, 1) };
  const bias = { name: "bias", shape: [2], data: Float32Array.of(0, Math.log(3)) };
  const plain = Float32Array.of(0, 0, Math.log(3), 0);
  const mirrored = Float32Array.of(0, Math.log(3), 1000, -1000);
  const [first, second] = [0.25, 0.5];
  assert.deepEqual(
    headProbabilities({ kernel, bias }, { size: 2, plain }),
    Float32Array.of(first, 1 - first, second, 1 - second),
  );
  assert.deepEqual(
    headProbabilities({ kernel, bias }, { size: 2, plain, mirrored }),
    Float32Array.of((0.25 + 0.1) / 2, (0.75 + 0.9) / 2, 0.75, 0.25),
  );
});
