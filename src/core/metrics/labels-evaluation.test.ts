import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { averagePrecision } from "./average-precision.js";
import { evaluateLabels } from "./labels-evaluation.js";
import { binaryCrossEntropy, pairAccuracy, softCrossEntropy } from "./soft-losses.js";

const names = ["cat", "dog", "rain"];
const targets = Float32Array.of(1, 0, 1, 0, 1, 0, 1, 1, 0, 0, 0, 0);
const probabilities = Float32Array.of(0.9, 0.6, 0.4, 0.2, 0.8, 0.1, 0.6, 0.3, 0.5, 0.1, 0.2, 0.3);

const close = (actual: number, expected: number, tolerance = 1e-12): void =>
  assert.ok(Math.abs(actual - expected) < tolerance, `${actual}, not ${expected}`);

describe("figures of several labels an image", () => {
  it("are those worked out by hand", () => {
    const { n, labels, micro, macro, ...figures } = evaluateLabels(probabilities, targets, names);
    assert.equal(n, 4);
    close(figures.accuracy, 8 / 12);
    close(figures.exactMatch, 2 / 4);
    close(figures.meanAveragePrecision, (1 + 5 / 6 + 1 / 2) / 3);
    const chosen = [...probabilities].map((p, at) => (targets[at] === 1 ? p : 1 - p));
    close(figures.loss, -chosen.reduce((sum, p) => sum + Math.log(p), 0) / 12);
    const all = (each: number) => ({ precision: each, recall: each, f1: each });
    assert.deepEqual(micro, all(3 / 5));
    assert.deepEqual(macro, all(0.5));
    const [cat, dog, rain] = labels;
    assert.deepEqual(cat, { name: "cat", ...all(1), averagePrecision: 1, support: 2 });
    close(dog.averagePrecision, 5 / 6);
    assert.deepEqual(
      { ...dog, averagePrecision: 0 },
      { name: "dog", ...all(0.5), averagePrecision: 0, support: 2 },
    );
    assert.deepEqual(rain, { name: "rain", ...all(0), averagePrecision: 0.5, support: 1 });
  });

  it("are 0 where a divisor is, as scikit-learn has it", () => {
    const { labels, micro, meanAveragePrecision, exactMatch } = evaluateLabels(
      Float32Array.of(0.1, 0.2),
      new Float32Array(2),
      ["a"],
    );
    assert.deepEqual(micro, { precision: 0, recall: 0, f1: 0 });
    assert.deepEqual([labels[0].averagePrecision, meanAveragePrecision, exactMatch], [0, 0, 1]);
  });

  it("give equal scores one threshold", () => {
    // scikit-learn's own example, and one of ties: both positives come at once, beside a negative.
    close(averagePrecision(Float32Array.of(0.1, 0.4, 0.35, 0.8), Uint8Array.of(0, 0, 1, 1)), 5 / 6);
    close(averagePrecision(Float32Array.of(0.5, 0.5, 0.5, 0.1), Uint8Array.of(1, 0, 1, 0)), 2 / 3);
  });

  it("take targets between 0 and 1 for the loss, and by their side of a half for the rest", () => {
    const soft = { probabilities: Float32Array.of(0.5, 0.25), targets: Float32Array.of(0.5, 0.25) };
    const expected = (Math.log(2) - 0.25 * Math.log(0.25) - 0.75 * Math.log(0.75)) / 2;
    close(binaryCrossEntropy(soft), expected);
    assert.equal(pairAccuracy(soft), 1);
    close(
      softCrossEntropy({ ...soft, targets: Float32Array.of(0.5, 0.5) }, 2),
      (Math.log(2) + Math.log(4)) / 2,
    );
  });

  it("have losses that stay finite, and are no number where a probability is none", () => {
    const sure = { probabilities: Float32Array.of(1, 0), targets: Float32Array.of(0, 1) };
    close(binaryCrossEntropy(sure), (25 + 52) * Math.LN2 * 0.5);
    const nothing = { probabilities: Float32Array.of(Number.NaN, 0), targets: Float32Array.of(0, 1) };
    assert.ok(Number.isNaN(binaryCrossEntropy(nothing)) && Number.isNaN(softCrossEntropy(nothing, 2)));
  });

  it("refuse what doesn't fit", () => {
    const wrong: readonly [Float32Array, Float32Array, readonly string[], RegExp][] = [
      [probabilities, targets.subarray(1), names, /got 12 probabilities and 11 targets for 3 labels/],
      [new Float32Array(0), new Float32Array(0), names, /got 0 probabilities and 0 targets/],
      [probabilities, targets, [], /labelNames must be a list of one name a label/],
      [Float32Array.of(2), Float32Array.of(1), ["a"], /Image 0 has probability 2 for class 0/],
      [Float32Array.of(0.5), Float32Array.of(2), ["a"], /Image 0 has target 2 for label 0/],
    ];
    for (const [given, truth, labels, message] of wrong)
      assert.throws(() => evaluateLabels(given, truth, labels), { message });
    assert.throws(() => averagePrecision(Float32Array.of(Number.NaN), Uint8Array.of(1)), /score 0 is NaN/);
  });
});
