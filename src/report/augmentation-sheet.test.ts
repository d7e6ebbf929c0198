import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { decode } from "fast-png";
import { parseAugmentation } from "../core/data/augmentation.js";
import { augmentationSheet } from "./augmentation-sheet.js";

describe("a sheet of augmented images", () => {
  it("is refused where no viewer would take it", () => {
    assert.throws(
      () =>
        augmentationSheet({
          images: new Uint8Array(),
          imageShape: [1024, 1024, 3],
          indices: new Uint32Array(30),
          augmentation: parseAugmentation("flip"),
          seed: 1,
          epochs: 99,
          scale: 1,
        }),
      /A sheet of 30 images in 99 epochs is 102,808 × 30,844 pixels, .* Draw fewer images or epochs\./,
    );
  });

  it("has a row an image: as it is, then as it is in each epoch", () => {
    const images = Uint8Array.of(0, 0, 0, 10, 20, 30);
    const { width, height, channels, data } = decode(
      augmentationSheet({
        images,
        imageShape: [1, 3, 1],
        indices: Uint32Array.of(1, 0),
        augmentation: parseAugmentation("flip=alternate"),
        seed: 1,
        epochs: 2,
        scale: 2,
      }),
    );
    // Gaps of 4, twice that behind the first column; pixels of 2 × 2.
    assert.deepEqual([width, height, channels], [4 + 3 * (6 + 4) + 4, 4 + 2 * (2 + 4), 1]);
    const row = (y: number): number[] => [...data.subarray(y * width, (y + 1) * width)];
    assert.ok(row(3).every((value) => value === 255));
    assert.deepEqual(row(4), row(5));
    const cells = [4, 18, 28].map((left) => row(4).slice(left, left + 6));
    assert.deepEqual(cells[0], [10, 10, 20, 20, 30, 30]);
    assert.deepEqual(cells[1].toReversed(), cells[2]);
    assert.ok([cells[1], cells[2]].some((cell) => cell.join() === cells[0].join()));
    assert.deepEqual(row(10).slice(4, 10), [0, 0, 0, 0, 0, 0]);
  });

  it("draws what is erased grey, in colour", () => {
    const { data, channels } = decode(
      augmentationSheet({
        images: new Uint8Array(8 * 8 * 3).fill(200),
        imageShape: [8, 8, 3],
        indices: Uint32Array.of(0),
        augmentation: parseAugmentation("erase=1"),
        seed: 1,
        epochs: 6,
        scale: 1,
      }),
    );
    assert.equal(channels, 3);
    assert.deepEqual(
      [...new Set(data)].sort((a, b) => a - b),
      [128, 200, 255],
    );
  });
});
