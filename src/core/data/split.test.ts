import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { HeddleError, UsageError } from "../errors.js";
import { countLabels } from "./labels.js";
import { checkLimit, splitDataset } from "./split.js";

const CLASSES = 10;
const LABELS = Uint8Array.from({ length: 6000 }, (_, index) => (index * 7) % CLASSES);

function countsOf(part: Uint32Array, labels = LABELS, classes = CLASSES): number[] {
  return [
    ...countLabels(
      Uint8Array.from(part, (index) => labels[index]),
      classes,
    ),
  ];
}

describe("splitting", () => {
  it("puts a fifth of each class aside, every image once, both parts ascending", () => {
    const { train, validation } = splitDataset(LABELS, CLASSES, { seed: 1 });
    assert.deepEqual(countsOf(train), Array(CLASSES).fill(480));
    assert.deepEqual(countsOf(validation), Array(CLASSES).fill(120));
    assert.equal(new Set([...train, ...validation]).size, LABELS.length);
    assert.deepEqual(train, train.slice().sort());
    assert.deepEqual(validation, validation.slice().sort());
  });

  it("is the same for the same seed and another for another", () => {
    const first = splitDataset(LABELS, CLASSES, { seed: 1 });
    assert.deepEqual(splitDataset(LABELS, CLASSES, { seed: 1 }), first);
    assert.notDeepEqual(splitDataset(LABELS, CLASSES, { seed: 2 }), first);
  });

  it("is at random: no order of the file shows", () => {
    const { validation } = splitDataset(LABELS, CLASSES, { seed: 1 });
    const mean = validation.reduce((sum, index) => sum + index, 0) / validation.length;
    assert.ok(Math.abs(mean - 3000) < 250, `mean index ${mean}`);
  });

  it("takes a limit evenly per class first", () => {
    const { train, validation } = splitDataset(LABELS, CLASSES, { seed: 1, limit: 100 });
    assert.deepEqual(countsOf(train), Array(CLASSES).fill(8));
    assert.deepEqual(countsOf(validation), Array(CLASSES).fill(2));
  });

  it("keeps both parts apart and even for any labels, limit and share", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 2, max: 12 }), { minLength: 2, maxLength: 6 }),
        fc.double({ min: 0, max: 0.99, noNaN: true }),
        fc.integer(),
        (sizes, validationShare, seed) => {
          const labels = Uint8Array.from(sizes.flatMap((size, label) => Array(size).fill(label)));
          const perClass = Math.min(...sizes);
          const limit = perClass * sizes.length;
          const { train, validation } = splitDataset(labels, sizes.length, { limit, validationShare, seed });
          assert.equal(new Set([...train, ...validation]).size, limit);
          const validating = countsOf(validation, labels, sizes.length);
          assert.equal(new Set(validating).size, 1);
          assert.ok(validationShare === 0 ? validating[0] === 0 : validating[0] > 0);
          assert.ok(Math.abs(validating[0] - perClass * validationShare) <= 1);
          for (const count of countsOf(train, labels, sizes.length))
            assert.equal(count + validating[0], perClass);
        },
      ),
    );
  });

  it("refuses a limit that can't be shared out: as misuse where the classes are known before", () => {
    for (const limit of [-20, 0, 5, 10, 19, 20.5, Number.NaN]) {
      assert.throws(() => checkLimit(limit, CLASSES), {
        name: "UsageError",
        message: /too low for 10 classes/,
      });
    }
    assert.throws(
      () => splitDataset(LABELS, CLASSES, { seed: 1, limit: 25 }),
      (error) =>
        error instanceof HeddleError &&
        error.exitCode === 1 &&
        /multiple of 10, .* such as 20 or 30/.test(error.message),
    );
    checkLimit(20, CLASSES);
  });

  it("refuses a limit beyond what a class has", () => {
    assert.throws(
      () => splitDataset(LABELS, CLASSES, { seed: 1, limit: 6010 }),
      (error) =>
        error instanceof HeddleError &&
        error.exitCode === 1 &&
        /601 images .* class 0 has 600/.test(error.message),
    );
  });

  it("refuses an impossible share, and too few images", () => {
    for (const validationShare of [-0.1, 1, Number.NaN]) {
      assert.throws(() => splitDataset(LABELS, CLASSES, { seed: 1, validationShare }), UsageError);
    }
    assert.throws(
      () => splitDataset(Uint8Array.of(0, 1), 2, { seed: 1 }),
      /2 training images .* too few to split/,
    );
  });
});
