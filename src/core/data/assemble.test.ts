import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HeddleError, UsageError } from "../errors.js";
import { assembleDataset } from "./assemble.js";
import type { FileRole } from "./fashion-mnist.js";
import { encodeIdx, encodeImages, encodeLabels } from "./testing/encode-idx.js";

const good: Readonly<Record<FileRole, Uint8Array>> = {
  trainImages: encodeImages(12, 4, 5),
  trainLabels: encodeLabels(12, 3),
  testImages: encodeImages(6, 4, 5),
  testLabels: encodeLabels(6, 3),
};

function assemble(changed: Partial<Record<FileRole, Uint8Array>> = {}, classNames?: readonly string[]) {
  const bytes = { ...good, ...changed };
  return assembleDataset(
    "small",
    {
      trainImages: { file: "train-images", bytes: bytes.trainImages },
      trainLabels: { file: "train-labels", bytes: bytes.trainLabels },
      testImages: { file: "test-images", bytes: bytes.testImages },
      testLabels: { file: "test-labels", bytes: bytes.testLabels },
    },
    classNames,
  );
}

function labels(...values: number[]): Uint8Array {
  return encodeIdx([values.length], values);
}

describe("assembling a data set", () => {
  it("counts classes from the training labels and names them by number", () => {
    const dataset = assemble();
    assert.equal(dataset.name, "small");
    assert.deepEqual(dataset.imageShape, [4, 5, 1]);
    assert.deepEqual(dataset.classNames, ["0", "1", "2"]);
    assert.equal(dataset.train.count, 12);
    assert.equal(dataset.train.images.length, 12 * 4 * 5);
    assert.equal(dataset.test.labels[5], 2);
  });

  it("takes class names, one for each class", () => {
    assert.deepEqual(assemble({}, ["a", "b", "c"]).classNames, ["a", "b", "c"]);
    assert.throws(() => assemble({}, ["a"]), /3 classes, but 1 class names/);
  });

  it("takes a test set without a class", () => {
    assert.equal(assemble({ testLabels: labels(0, 0, 0, 0, 0, 1) }).classNames.length, 3);
  });

  const bad: readonly [string, Partial<Record<FileRole, Uint8Array>>, RegExp][] = [
    [
      "fewer labels than images",
      { trainLabels: encodeLabels(11, 3) },
      /^train-labels holds fewer labels than there are images: 11 labels, but train-images holds 12 images/,
    ],
    [
      "more labels than images",
      { testLabels: encodeLabels(7, 3) },
      /^test-labels holds more labels .*7 labels/,
    ],
    [
      "images of two sizes",
      { testImages: encodeImages(6, 5, 4) },
      /images of 5×4×1, but train-images of 4×5×1/,
    ],
    [
      "a test label no training image has",
      { testLabels: labels(0, 1, 2, 3, 0, 1) },
      /^test-labels: label 3 \(of image 3\) is out of range: expected 0 to 2/,
    ],
    [
      "a training label far beyond the others",
      { trainLabels: labels(0, 1, 2, 0, 1, 2, 0, 200, 2, 0, 1, 2) },
      /^train-labels: label 200 \(of image 7\) is out of range: .*class 3 has 0/,
    ],
    [
      "a training label just beyond the others",
      { trainLabels: labels(0, 1, 2, 0, 1, 2, 0, 1, 3, 0, 1, 2) },
      /^train-labels: label 3 \(of image 8\) is out of range: .*class 3 has 1/,
    ],
    [
      "labels that begin at 1",
      { trainLabels: labels(1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2) },
      /class 0 has 0\. Correct or renumber/,
    ],
    ["a single class", { trainLabels: encodeLabels(12, 1) }, /every label is 0: expected at least 2 classes/],
  ];
  for (const [what, changed, message] of bad) {
    it(`refuses ${what}`, () => {
      assert.throws(
        () => assemble(changed),
        (error) => {
          assert.ok(error instanceof HeddleError);
          assert.match(error.message, message);
          assert.ok(!(error instanceof UsageError));
          return true;
        },
      );
    });
  }
});
