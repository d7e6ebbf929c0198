import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createRandom, permutation } from "../random.js";
import { findLabelErrors } from "./label-errors.js";

describe("findLabelErrors", () => {
  it("counts each image under its label and the class that it is confidently of", () => {
    // Thresholds: class 0 (0.9 + 0.7 + 0.2) / 3 = 0.6, class 1 (0.9 + 0.5) / 2 = 0.7; class 2 has no label.
    const probabilities = Float32Array.of(
      ...[0.9, 0.1, 0],
      ...[0.7, 0.2, 0.1],
      ...[0.2, 0.8, 0],
      ...[0.05, 0.9, 0.05],
      ...[0.1, 0.5, 0.4],
    );
    const found = findLabelErrors(probabilities, Uint8Array.of(0, 0, 0, 1, 1), 3);
    assert.deepEqual(
      Array.from(found.thresholds, (value) => Math.round(value * 1e6) / 1e6),
      [0.6, 0.7, Number.POSITIVE_INFINITY],
    );
    // The last image reaches no threshold: it is confidently of no class.
    assert.deepEqual(Array.from(found.joint), [2, 1, 0, 0, 1, 0, 0, 0, 0]);
    assert.equal(found.errors.length, 1);
    const [error] = found.errors;
    assert.deepEqual([error.image, error.label, error.suggestion], [2, 0, 1]);
    assert.ok(Math.abs(error.labelProbability - 0.2) < 1e-6 && Math.abs(error.probability - 0.8) < 1e-6);
    // A third of label 0's three images; label 1's one confident image is right.
    assert.deepEqual(Array.from(found.estimated), [1, 0, 0]);
  });

  it("takes no image for one of a class that the model knows nothing of", () => {
    // Half of class 0 is less sure than the mean of it, and class 2 has a single image that no model learned from.
    const rows = Array.from({ length: 20 }, (_, image) => (image % 2 ? [0.9, 0.1, 1e-5] : [0.7, 0.3, 1e-5]));
    const probabilities = Float32Array.from([...rows, [0.6, 0.4, 1e-6]].flat());
    const labels = Uint8Array.from([...rows.map(() => 0), 2]);
    const { errors, estimated, thresholds } = findLabelErrors(probabilities, labels, 3);
    assert.deepEqual([estimated[0], errors.filter(({ label }) => label === 0)], [0, []]);
    assert.equal(thresholds[2], 1 / 3);
  });

  it("finds flipped labels among doubts, and says about how many there are", () => {
    const [count, classes, flips] = [2000, 5, 100];
    const random = createRandom(11);
    const truth = Uint8Array.from({ length: count }, () => random.below(classes));
    const flipped = new Set(permutation(count, random).subarray(0, flips));
    const labels = truth.map((label, image) =>
      flipped.has(image) ? (label + 1 + random.below(classes - 1)) % classes : label,
    );
    const probabilities = new Float32Array(count * classes);
    for (let image = 0; image < count; image++) {
      // Classes 0 and 1 are hard to tell apart, so that a third of their images are taken for the other.
      const hard = truth[image] < 2;
      const sure = hard ? 0.35 + 0.45 * random.uniform() : 0.7 + 0.25 * random.uniform();
      const rest = hard ? 0.02 : (1 - sure) / (classes - 1);
      const row = probabilities.subarray(image * classes, (image + 1) * classes).fill(rest);
      row[truth[image]] = sure;
      if (hard) row[1 - truth[image]] = 1 - sure - (classes - 2) * rest;
    }
    const { errors, estimated } = findLabelErrors(probabilities, labels, classes);
    const hits = errors.slice(0, flips).filter(({ image }) => flipped.has(image));
    assert.ok(hits.length >= 0.8 * flips, `${hits.length} of ${flips}`);
    const named = hits.filter(({ image, suggestion }) => suggestion === truth[image]);
    assert.ok(named.length >= 0.8 * hits.length, `${named.length} of ${hits.length} suggestions`);
    const sum = estimated.reduce((all, each) => all + each);
    assert.ok(sum > 0.5 * flips && sum < 4 * flips, `${sum}`);
    const confidence = errors.map(({ labelProbability }) => labelProbability);
    assert.deepEqual(
      confidence,
      confidence.toSorted((a, b) => a - b),
    );
  });

  it("finds none where every label is likeliest", () => {
    const { errors, estimated } = findLabelErrors(
      Float32Array.of(0.8, 0.2, 0.3, 0.7),
      Uint8Array.of(0, 1),
      2,
    );
    assert.deepEqual([errors.length, ...estimated], [0, 0, 0]);
  });

  it("refuses what doesn't fit", () => {
    assert.throws(
      () => findLabelErrors(new Float32Array(4), Uint8Array.of(0), 2),
      /Got 4 probabilities for 1 labels and 2 classes: expected 1 × 2 = 2/,
    );
    assert.throws(
      () => findLabelErrors(Float32Array.of(Number.NaN, 1), Uint8Array.of(0), 2),
      /probability NaN for class 0/,
    );
  });
});
