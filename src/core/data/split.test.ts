import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { checksum } from "../checksum.js";
import { HeddleError, UsageError } from "../errors.js";
import { countLabels } from "./labels.js";
import { checkLimit, splitDataset } from "./split.js";

const classCount = 10;
const manyLabels = Uint8Array.from({ length: 6000 }, (_, index) => (index * 7) % classCount);

function countsOf(part: Uint32Array, labels = manyLabels, classes = classCount): number[] {
  return [
    ...countLabels(
      Uint8Array.from(part, (index) => labels[index]),
      classes,
    ),
  ];
}

describe("splitting", () => {
  it("puts a fifth of each class aside, every image once, both parts ascending", () => {
    const { train, validation } = splitDataset(manyLabels, classCount, { seed: 1 });
    assert.deepEqual(countsOf(train), Array(classCount).fill(480));
    assert.deepEqual(countsOf(validation), Array(classCount).fill(120));
    assert.equal(new Set([...train, ...validation]).size, manyLabels.length);
    assert.deepEqual(train, train.slice().sort());
    assert.deepEqual(validation, validation.slice().sort());
  });

  it("is the same for the same seed and another for another", () => {
    const first = splitDataset(manyLabels, classCount, { seed: 1 });
    assert.deepEqual(splitDataset(manyLabels, classCount, { seed: 1 }), first);
    assert.notDeepEqual(splitDataset(manyLabels, classCount, { seed: 2 }), first);
  });

  it("is at random: no order of the file shows", () => {
    const { validation } = splitDataset(manyLabels, classCount, { seed: 1 });
    const mean = validation.reduce((sum, index) => sum + index, 0) / validation.length;
    assert.ok(Math.abs(mean - 3000) < 250, `mean index ${mean}`);
  });

  it("gives the split that every heddle gave", () => {
    const uneven = Uint8Array.from({ length: 500 }, (_, image) =>
      Math.min(4, Math.floor(Math.sqrt(image / 20))),
    );
    const splits = [
      splitDataset(manyLabels, classCount, { seed: 1 }),
      splitDataset(manyLabels, classCount, { seed: 2, limit: 100, validationShare: 0.3 }),
      splitDataset(uneven, 5, { seed: 3 }),
    ];
    const sums = splits.map(({ train, validation }) => [checksum(train), checksum(validation)]);
    assert.deepEqual(sums, [
      [2716136237, 4211415503],
      [2605832446, 161809668],
      [3050508042, 3628721026],
    ]);
  });

  it("takes a limit evenly per class first", () => {
    const { train, validation } = splitDataset(manyLabels, classCount, { seed: 1, limit: 100 });
    assert.deepEqual(countsOf(train), Array(classCount).fill(8));
    assert.deepEqual(countsOf(validation), Array(classCount).fill(2));
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
      assert.throws(() => checkLimit(limit, classCount), {
        name: "UsageError",
        message: /too low for 10 classes/,
      });
    }
    assert.throws(
      () => splitDataset(manyLabels, classCount, { seed: 1, limit: 25 }),
      (error) =>
        error instanceof HeddleError &&
        !(error instanceof UsageError) &&
        /multiple of 10, .* such as 20 or 30/.test(error.message),
    );
    checkLimit(20, classCount);
  });

  it("takes a limit of one image a class where none validates", () => {
    const alone = { seed: 1, validationShare: 0 };
    const { train, validation } = splitDataset(manyLabels, classCount, { ...alone, limit: 10 });
    assert.deepEqual([train.length, validation.length], [10, 0]);
    assert.throws(
      () => splitDataset(manyLabels, classCount, { ...alone, limit: 9 }),
      /too low for 10 classes: expected a whole number of at least 10, one image of each class\./,
    );
  });

  it("refuses a limit beyond what a class has", () => {
    assert.throws(
      () => splitDataset(manyLabels, classCount, { seed: 1, limit: 6010 }),
      (error) =>
        error instanceof HeddleError &&
        !(error instanceof UsageError) &&
        /601 images .* class 0 has 600/.test(error.message),
    );
  });

  it("refuses an impossible share, and too few images", () => {
    for (const validationShare of [-0.1, 1, Number.NaN]) {
      assert.throws(() => splitDataset(manyLabels, classCount, { seed: 1, validationShare }), UsageError);
    }
    assert.throws(
      () => splitDataset(Uint8Array.of(0, 1), 2, { seed: 1 }),
      /2 training images .* too few to split/,
    );
  });

  it("takes labels of every width, and 65,536 classes of them", () => {
    const labels = [0, 1, 2, 0, 1, 2, 2, 1, 0];
    const split = splitDataset(Uint8Array.from(labels), 3, { seed: 1 });
    assert.deepEqual(splitDataset(Uint16Array.from(labels), 3, { seed: 1 }), split);
    assert.deepEqual(splitDataset(Uint32Array.from(labels), 3, { seed: 1 }), split);
    const classes = 65_536;
    const many = Uint16Array.from({ length: 2 * classes }, (_, index) => index % classes);
    const { train, validation } = splitDataset(many, classes, { seed: 1 });
    assert.deepEqual(
      [train, validation].map((part) => new Set(part.map((index) => many[index])).size),
      [classes, classes],
    );
  });

  const wrong: readonly [string, () => unknown, RegExp][] = [
    [
      "a plain array of labels",
      () => splitDataset([0, 1] as never, 2, { seed: 1 }),
      /^splitDataset: labels must be a Uint8Array or Uint16Array or Uint32Array, but is \[0, 1\]\. Make one/,
    ],
    [
      "a label beyond the classes",
      () => splitDataset(Uint8Array.of(0, 1, 0, 7), 2, { seed: 1 }),
      /^splitDataset: label 7 \(of image 3\) is out of range: expected 0 to 1/,
    ],
    [
      "no number of classes",
      () => splitDataset(manyLabels, "10" as never, { seed: 1 }),
      /classes must be .*"10"/,
    ],
    [
      "no seed",
      () => splitDataset(manyLabels, 10, {} as never),
      /seed must be a whole number, but is nothing/,
    ],
    [
      "a misspelt share",
      () => splitDataset(manyLabels, 10, { seed: 1, validation_split: 0.1 } as never),
      /no option "validation_split"\. Did you mean validationShare\?/,
    ],
  ];
  for (const [what, call, message] of wrong) {
    it(`refuses ${what}`, () => {
      assert.throws(call, (error) => error instanceof HeddleError && message.test(error.message));
    });
  }
});
