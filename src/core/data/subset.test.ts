import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "../errors.js";
import { imageSource } from "./image-source.js";
import { subset } from "./subset.js";

const images = Uint8Array.of(0, 1, 10, 11, 20, 21, 30, 31);
const labels = Uint8Array.of(5, 4, 3, 2);
const groups = Uint32Array.of(0, 0, 7, 8);
const indices = Uint32Array.of(3, 1, 3);

describe("a subset", () => {
  it("has the images, labels and groups of its indices, in their order", () => {
    const taken = subset({ images, labels, groups }, indices);
    assert.deepEqual(taken, {
      count: 3,
      images: Uint8Array.of(30, 31, 10, 11, 30, 31),
      labels: Uint32Array.of(2, 4, 2),
      groups: Uint32Array.of(8, 0, 8),
    });
    const none = subset({ images, labels }, new Uint32Array());
    assert.deepEqual([none.count, subset(none, new Uint32Array()).count], [0, 0]);
  });

  it("of a source asks that for them, whatever becomes of the indices", async () => {
    const source = imageSource({
      labels,
      read: (index) => images.subarray(2 * index, 2 * index + 2),
      fingerprint: "v1",
    });
    const mine = indices.slice();
    const taken = subset(source, mine);
    mine.fill(0);
    assert.ok(typeof taken.images === "function");
    const given: number[][] = [];
    for await (const image of taken.images(Uint32Array.of(1, 0))) given.push([...image]);
    assert.deepEqual(given, [
      [10, 11],
      [30, 31],
    ]);
    assert.notEqual(taken.fingerprint, subset(source, Uint32Array.of(3, 1, 2)).fingerprint);
    assert.equal(taken.fingerprint, subset(source, indices).fingerprint);
  });

  it("of a source that is an object of a class asks that object", async () => {
    class Source {
      readonly labels = labels;
      readonly #pixels = images;
      *images(order: Uint32Array) {
        for (const index of order) yield this.#pixels.subarray(2 * index, 2 * index + 2);
      }
    }
    const taken = subset(new Source(), indices).images as (order: Uint32Array) => Iterable<Uint8Array>;
    assert.deepEqual([...taken(Uint32Array.of(1))], [Uint8Array.of(10, 11)]);
  });

  it("leaves out what else a set has", () => {
    const pictures = { images, labels, files: ["a", "b", "c", "d"] };
    assert.deepEqual(Object.keys(subset(pictures, indices)), ["count", "images", "labels"]);
  });

  it("is refused of an index beyond, and of labels that don't fit", () => {
    const refused = (call: () => unknown, words: RegExp): void =>
      assert.throws(call, (error) => error instanceof UsageError && words.test(error.message));
    refused(
      () => subset({ images, labels }, Uint32Array.of(0, 4)),
      /^subset: indices\[1\] is 4, but the set has 4 images; give indices below that\.$/,
    );
    refused(
      () => subset({ images, labels: Uint8Array.of(1, 2, 3) }, indices),
      /^subset: set has 8 bytes of images, 3 labels and a count of 3; give one label an image\.$/,
    );
    refused(() => subset({ images, labels, count: 8 }, indices), /4 labels and a count of 8; give one label/);
    refused(() => subset({ images: new Uint8Array(), labels }, indices), /has 0 bytes of images, 4 labels/);
    refused(() => subset({ images, labels, groups: Uint32Array.of(1) }, indices), /groups has a length of 1/);
    refused(() => subset(undefined as never, indices), /^subset: set takes .*images, labels/);
    refused(() => subset({ images, labels }, [1] as never), /^subset: indices must be a Uint32Array/);
  });
});
