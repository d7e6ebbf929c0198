import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { crossValidate, type FoldRound } from "./cross-validate.js";
import { shareFolds } from "./folds.js";

describe("shareFolds", () => {
  it("parts no group, and shares every class out evenly where each image is by itself", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(3), { minLength: 1, maxLength: 80 }),
        fc.integer({ min: 2, max: 6 }),
        fc.nat(1000),
        fc.integer({ min: 1, max: 90 }),
        (classes, folds, seed, groupCount) => {
          const labels = Uint8Array.from(classes);
          const alone = shareFolds(labels, 4, { folds, seed });
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
          const together = shareFolds(labels, 4, { folds, seed, groups });
          const foldOf = new Map<number, number>();
          for (const [image, fold] of together.entries()) {
            assert.equal(foldOf.get(groups[image]) ?? fold, fold);
            assert.ok(fold < folds);
            foldOf.set(groups[image], fold);
          }
          assert.deepEqual(together, shareFolds(labels, 4, { folds, seed, groups }));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("depends on the seed", () => {
    const labels = new Uint8Array(40);
    assert.notDeepEqual(
      shareFolds(labels, 1, { folds: 4, seed: 1 }),
      shareFolds(labels, 1, { folds: 4, seed: 2 }),
    );
  });
});

describe("crossValidate", () => {
  const labels = Uint8Array.from({ length: 20 }, (_, image) => image % 2);

  it("puts each fold's probabilities where its images are", async () => {
    const rounds: FoldRound[] = [];
    const predictFold = async (round: FoldRound): Promise<Float32Array> => {
      rounds.push(round);
      return Float32Array.from(Array.from(round.held).flatMap((image) => [image, -image]));
    };
    const found = await crossValidate(labels, 2, { folds: 3, seed: 5, predictFold });
    assert.deepEqual(
      Array.from(found),
      Array.from(labels.keys()).flatMap((image) => [image, image === 0 ? -0 : -image]),
    );
    assert.deepEqual(
      rounds.map(({ fold, folds }) => [fold, folds]),
      [
        [0, 3],
        [1, 3],
        [2, 3],
      ],
    );
    for (const { train, held } of rounds)
      assert.deepEqual(
        [...train, ...held].sort((a, b) => a - b),
        Array.from(labels.keys()),
      );
  });

  it("refuses folds that nothing is left for, and answers of another size", async () => {
    const predictFold = async (): Promise<Float32Array> => new Float32Array(3);
    await assert.rejects(
      crossValidate(labels, 2, { folds: 2, seed: 1, groups: new Uint32Array(20), predictFold }),
      /20 images can't be shared out over 2 folds, duplicates kept together/,
    );
    await assert.rejects(
      crossValidate(labels, 2, { folds: 2, seed: 1, predictFold }),
      /Fold 1 gave 3 probabilities for 10 images of 2 classes: expected 20/,
    );
  });
});
