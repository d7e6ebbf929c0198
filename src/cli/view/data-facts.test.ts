import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Dataset } from "../../core/data/dataset.js";
import { dataFacts } from "./data-facts.js";

const set = (...counts: number[]) => {
  const labels = Uint8Array.from(counts.flatMap((count, label) => Array<number>(count).fill(label)));
  return { count: labels.length, images: new Uint8Array(labels.length * 12), labels };
};

const photos: Dataset = {
  name: "photos",
  imageShape: [2, 2, 3],
  classNames: ["hat", "skirt", "coat"],
  preparation: { size: [2, 2], channels: 3, resize: "crop", background: 255 },
  train: set(4, 20, 7),
  test: set(1, 1, 1),
};
const use = { trainImages: 25, validationImages: 6, weighted: false };

describe("what is told of a data set before it trains", () => {
  it("is what pictures are, which do what, and how uneven classes are", () => {
    assert.deepEqual(dataFacts(photos, use), [
      "photos: pictures as 2×2 in colour (crop), 3 classes; 25 train, 6 validate (held back from those that train), 3 are judged at the end",
      "Classes are uneven, from 4 (hat) to 20 (skirt) images to train with; --class-weights balanced has each count the same",
    ]);
  });

  it("leaves out what is not so", () => {
    const { preparation: _, ...arrays } = photos;
    assert.deepEqual(dataFacts({ ...arrays, train: set(9, 9, 9) }, use), []);
    const [line, uneven] = dataFacts({ ...photos, validation: set(2, 2, 2) }, { ...use, weighted: true });
    assert.match(line, /25 train, 6 validate, 3 are judged at the end$/);
    assert.match(uneven, /images to train with$/);
  });
});
