import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Dataset } from "#heddle/core/data/dataset.js";
import { tinyData } from "#heddle/core/training/testing/tiny-model.js";
import { selectionDataset } from "./selection.js";

/** Bytes of a set's images, in its order. */
function bytesOf({ images, count }: Dataset["train"]): Uint8Array {
  if (typeof images !== "function") return images;
  const order = Uint32Array.from({ length: count }, (_, index) => index);
  return Uint8Array.from([...(images(order) as Iterable<Uint8Array>)].flatMap((each) => [...each]));
}

describe("what recipes are chosen on", () => {
  const { train } = tinyData;
  const inOrder = (order: Uint32Array): Uint8Array[] =>
    Array.from(order, (index) => train.images.subarray(72 * index, 72 * (index + 1)));

  it("is a part of the training images, which doesn't train where all would", () => {
    const { train: trains, test } = selectionDataset(tinyData, { validationShare: 0 });
    assert.deepEqual([trains.count, test.count], [30, 6]);
    const seen = [...inOrder(Uint32Array.from({ length: 36 }, (_, index) => index))].map(String);
    const parts = [trains, test].flatMap((set) => inOf(bytesOf(set)));
    assert.deepEqual(parts.map(String).sort(), seen.sort());
    assert.ok(selectionDataset(tinyData, {}).train === train);
  });

  it("is the same of images that are read as they are wanted", () => {
    const streamed = { ...tinyData, train: { ...train, images: inOrder } };
    const settings = { validationShare: 0, splitSeed: 3 };
    const [one, other] = [tinyData, streamed].map((dataset) => selectionDataset(dataset, settings));
    assert.deepEqual(bytesOf(other.train), bytesOf(one.train));
    assert.deepEqual(bytesOf(other.test), bytesOf(one.test));
    assert.deepEqual(other.test.labels, one.test.labels);
  });
});

const inOf = (bytes: Uint8Array): Uint8Array[] =>
  Array.from({ length: bytes.length / 72 }, (_, index) => bytes.subarray(72 * index, 72 * (index + 1)));
