import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { dealFolds } from "./folds.js";

describe("folds of a cross-validation", () => {
  it("parts no group, and shares every class out evenly where each image is by itself", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(3), { minLength: 1, maxLength: 80 }),
        fc.integer({ min: 2, max: 6 }),
        fc.nat(1000),
        fc.integer({ min: 1, max: 90 }),
        (classes, folds, seed, groupCount) => {
          const labels = Uint8Array.from(classes);
          const alone = dealFolds(labels, 4, { folds, seed });
          for (let label = 0; label < 4; label++) {
            const sizes = Array.from({ length: folds }, (_, fold) => {
              return alone.filter((own, image) => own === fold && labels[image] === label).length;
            });
            assert.ok(Math.max(...sizes) - Math.min(...sizes) <= 1, String(sizes));
          }
          const totals = Array.from(
            { length: folds },
            (_, fold) => alone.filter((own) => own === fold).length,
          );
          assert.ok(Math.max(...totals) - Math.min(...totals) <= 1, String(totals));
          const groups = Uint32Array.from(labels, (_, image) => (image * 7) % groupCount);
          const together = dealFolds(labels, 4, { folds, seed, groups });
          const foldOf = new Map<number, number>();
          for (const [image, fold] of together.entries()) {
            assert.equal(foldOf.get(groups[image]) ?? fold, fold);
            assert.ok(fold < folds);
            foldOf.set(groups[image], fold);
          }
          assert.deepEqual(together, dealFolds(labels, 4, { folds, seed, groups }));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("depends on the seed", () => {
    const labels = new Uint8Array(40);
    assert.notDeepEqual(
      dealFolds(labels, 1, { folds: 4, seed: 1 }),
      dealFolds(labels, 1, { folds: 4, seed: 2 }),
    );
  });

  it("even large groups out with small ones, whichever come first", () => {
    const groups = Uint32Array.from({ length: 40 }, (_, image) => (image < 30 ? image : 100));
    for (const order of [groups, groups.toReversed()]) {
      const foldOf = dealFolds(new Uint8Array(40), 1, { folds: 4, seed: 1, groups: order });
      const sizes = [0, 1, 2, 3].map((fold) => foldOf.filter((own) => own === fold).length);
      assert.deepEqual(sizes, [10, 10, 10, 10]);
    }
  });
});
