import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Dataset } from "../data/dataset.js";
import { placeOf, pooled } from "./pooled.js";

const setOf = (...levels: number[]) => ({
  count: levels.length,
  images: Uint8Array.from(levels),
  labels: Uint8Array.from(levels, (level) => level % 2),
});

const dataset: Dataset = {
  name: "dots",
  imageShape: [1, 1, 1],
  classNames: ["even", "odd"],
  train: setOf(1, 2, 3),
  validation: setOf(4),
  test: setOf(5, 6),
};

describe("pooled", () => {
  it("puts the parts in a row, and knows where each image is", () => {
    const pool = pooled(dataset);
    assert.deepEqual(Array.from(pool.images), [1, 2, 3, 4, 5, 6]);
    assert.deepEqual(Array.from(pool.labels), [1, 0, 1, 0, 1, 0]);
    assert.deepEqual(
      [0, 2, 3, 4, 5].map((image) => placeOf(pool, image)),
      [
        { part: "train", index: 0 },
        { part: "train", index: 2 },
        { part: "validation", index: 0 },
        { part: "test", index: 0 },
        { part: "test", index: 1 },
      ],
    );
  });

  it("leaves out parts that have none", () => {
    const { parts } = pooled({ ...dataset, validation: undefined, train: setOf() });
    assert.deepEqual(parts, [{ name: "test", first: 0, count: 2 }]);
  });

  it("refuses images that are not in memory", () => {
    const train = { ...dataset.train, images: (async () => new Uint8Array(1)) as never };
    assert.throws(() => pooled({ ...dataset, train }), /The train images of dots are not in memory/);
  });
});
