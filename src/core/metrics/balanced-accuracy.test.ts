import assert from "node:assert/strict";
import { it } from "node:test";
import { balancedAccuracy, hasUnevenClasses, isUneven } from "./balanced-accuracy.js";
import { evaluate } from "./evaluation.js";

it("a balanced accuracy counts each class alike, and those without images not at all", () => {
  // Of eight images of a and two of b, one of b is named rightly; scikit-learn 1.5's balanced_accuracy_score: 0.75.
  const labels = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1];
  const probabilities = Float32Array.from(labels, (_, image) => (image === 9 ? 1 : 0));
  const rows = Float32Array.from({ length: 30 }, (_, at) => {
    const b = probabilities[Math.floor(at / 3)];
    return [1 - b, b, 0][at % 3];
  });
  const evaluation = evaluate(rows, labels, ["a", "b", "c"]);
  assert.equal(evaluation.accuracy, 0.9);
  assert.equal(balancedAccuracy(evaluation), 0.75);
  assert.ok(hasUnevenClasses(evaluation));
});

it("classes are uneven from one and a half times the images on", () => {
  assert.deepEqual(
    [isUneven([10, 15]), isUneven([10, 16]), isUneven([0, 1]), isUneven([7])],
    [false, true, true, false],
  );
});
