import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { crossValidate, type FoldRound } from "./cross-validate.js";

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
      /Fold 1 gave 3 probabilities for 10 images of 2 classes: expected a Float32Array of 20 /,
    );
  });

  it("refuses what can't be, before anything learns", async () => {
    let learned = 0;
    const predictFold = async ({ held }: FoldRound): Promise<Float32Array> => {
      learned++;
      return new Float32Array(2 * held.length);
    };
    const refused = (message: RegExp, more: object, of: { labels?: Uint8Array; classes?: number } = {}) =>
      assert.rejects(
        crossValidate(of.labels ?? labels, of.classes ?? 2, { folds: 2, seed: 1, predictFold, ...more }),
        message,
      );
    for (const folds of [0, 1, -1, Number.NaN, undefined])
      await refused(/crossValidate: folds must be a whole number of 2 or more/, { folds });
    await refused(/label 2 \(of image 1\) is out of range/, {}, { labels: Uint8Array.of(0, 2) });
    await refused(/classes must be a whole number/, {}, { classes: Number.NaN });
    await refused(/groups has a length of 3; give a number for each of the 20 images/, {
      groups: new Uint32Array(3),
    });
    await refused(/predictFold must be a function/, { predictFold: undefined });
    assert.equal(learned, 0);
    await refused(/Fold 1 gave nothing for 10 images/, { predictFold: async () => undefined });
    await refused(/Fold 1 gave \[.* for 10 images/, { predictFold: async () => new Array(20).fill(0.5) });
  });
});
