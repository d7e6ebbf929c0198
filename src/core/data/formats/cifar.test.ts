import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cifarNamesOfPickle, cifarOfPickle, joinBatches, parseCifarBinary } from "./cifar.js";
import type { NumpyArray } from "./numpy-array.js";
import type { PickleValue } from "./pickle-drafts.js";

const pixels = 3072;
/** Planes of 10, 20 and 30, each image's first pixel its number. */
function planes(count: number): Uint8Array {
  return Uint8Array.from({ length: count * pixels }, (_, place) => {
    const inImage = place % pixels;
    return inImage === 0 ? Math.floor(place / pixels) : 10 * (1 + Math.floor(inImage / 1024));
  });
}

const data = (count: number): NumpyArray => ({
  shape: [count, pixels],
  type: "uint8",
  values: planes(count),
});
const batch = (entries: Record<string, PickleValue>): PickleValue => new Map(Object.entries(entries));

describe("a batch of CIFAR", () => {
  it("is read of both binary kinds, the fine label of two", () => {
    const ten = new Uint8Array(2 * 3073);
    ten.set([7, ...planes(2).subarray(0, pixels)]);
    ten.set([3, ...planes(2).subarray(pixels)], 3073);
    const read = parseCifarBinary(ten, 10, "x");
    assert.deepEqual([...read.labels], [7, 3]);
    assert.deepEqual([...read.images.subarray(0, 6)], [0, 20, 30, 10, 20, 30]);
    assert.deepEqual([...read.images.subarray(pixels, pixels + 3)], [1, 20, 30]);
    const hundred = parseCifarBinary(Uint8Array.of(4, 99, ...planes(1)), 100, "x");
    assert.deepEqual([...hundred.labels], [99]);
  });

  it("is read of what Python has, labels in a list or an array", () => {
    const ten = cifarOfPickle(batch({ data: data(2), labels: [1, 9] }), 10, "x");
    assert.deepEqual([...ten.labels], [1, 9]);
    assert.deepEqual([...ten.images.subarray(0, 3)], [0, 20, 30]);
    const labels = { shape: [2], type: "int64", values: BigInt64Array.of(99n, 0n) } as const;
    const hundred = cifarOfPickle(
      batch({ data: data(2), fine_labels: labels, coarse_labels: [1, 2] }),
      100,
      "x",
    );
    assert.deepEqual([...joinBatches([hundred, ten]).labels], [99, 0, 1, 9]);
  });

  it("has names, as texts or as bytes", () => {
    const names = batch({ label_names: ["cat", Uint8Array.from(Buffer.from("dog"))] });
    assert.deepEqual(cifarNamesOfPickle(names, 10), ["cat", "dog"]);
    assert.equal(cifarNamesOfPickle(names, 100), undefined);
    assert.equal(cifarNamesOfPickle([], 10), undefined);
  });

  const bad: readonly [string, () => unknown, RegExp][] = [
    [
      "a part of an image",
      () => parseCifarBinary(new Uint8Array(3000), 10, "x"),
      /^x has 3000 bytes: expected a multiple of 3073/,
    ],
    [
      "nothing",
      () => parseCifarBinary(new Uint8Array(0), 100, "x"),
      /^x has 0 bytes: expected a multiple of 3074, two labels/,
    ],
    [
      "a label beyond",
      () => parseCifarBinary(new Uint8Array(3073).fill(10), 10, "x"),
      /^x: label 10 \(of image 0\) is none of CIFAR-10's/,
    ],
    ["a list", () => cifarOfPickle([], 10, "x"), /^x is no batch of CIFAR-10: expected a dictionary/],
    ["data of no array", () => cifarOfPickle(batch({ data: "x", labels: [] }), 10, "x"), /^x is no batch/],
    ["data of nothing", () => cifarOfPickle(batch({ data: null, labels: [] }), 10, "x"), /^x is no batch/],
    [
      "data of another shape",
      () => cifarOfPickle(batch({ data: { ...data(1), shape: [3, 1024] }, labels: [1] }), 10, "x"),
      /^x is no batch/,
    ],
    [
      "fewer labels",
      () => cifarOfPickle(batch({ data: data(2), labels: [1] }), 10, "x"),
      /^x holds 1 labels and 2 images/,
    ],
    [
      "no labels",
      () => cifarOfPickle(batch({ data: data(2), labels: [1, 2] }), 100, "x"),
      /^x holds no fine_labels and 2 images/,
    ],
    [
      "a label below 0",
      () => cifarOfPickle(batch({ data: data(1), labels: [-1] }), 10, "x"),
      /label -1 \(of image 0\)/,
    ],
  ];
  for (const [what, read, message] of bad) {
    it(`is refused with ${what}`, () => {
      assert.throws(read, { name: "HeddleError", message });
    });
  }
});
