import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { dealFolds } from "./folds.js";

describe("parts for cross-validation", () => {
  it("have as many of each class as can be, and groups whole, whatever the labels", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(3), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 2, max: 6 }),
        fc.nat(1000),
        (given, count, seed) => {
          const labels = Uint8Array.from(given);
          const folds = dealFolds(labels, 4, { count, seed });
          assert.equal(folds.length, labels.length);
          for (let label = 0; label < 4; label++) {
            const sizes = new Array(count).fill(0);
            labels.forEach((each, image) => {
              if (each === label) sizes[folds[image]]++;
            });
            assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, `${sizes}`);
          }
          assert.deepEqual(dealFolds(labels, 4, { count, seed }), folds);
          const groups = Uint32Array.from(labels, (_, image) => image >> 2);
          const grouped = dealFolds(labels, 4, { count, seed, groups });
          grouped.forEach((fold, image) => {
            assert.equal(fold, grouped[image & ~3]);
          });
        },
      ),
    );
  });

  it("are others for another seed", () => {
    const labels = new Uint8Array(50);
    const [one, two] = [1, 2].map((seed) => dealFolds(labels, 1, { count: 5, seed }));
    assert.notDeepEqual(one, two);
  });
});
