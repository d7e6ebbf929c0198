import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { HeddleError, UsageError } from "../errors.js";
import { parseIdxImages, parseIdxLabels } from "./idx.js";
import { encodeIdx, encodeImages, encodeLabels } from "./testing/encode-idx.js";

function failure(task: () => unknown): HeddleError {
  try {
    task();
  } catch (error) {
    assert.ok(error instanceof HeddleError, String(error));
    return error;
  }
  assert.fail("expected an error");
}

describe("IDX images", () => {
  it("reads [N, H, W] as one channel", () => {
    const { count, shape, images } = parseIdxImages(encodeIdx([2, 1, 3], [1, 2, 3, 4, 5, 6]), "f");
    assert.equal(count, 2);
    assert.deepEqual(shape, [1, 3, 1]);
    assert.deepEqual([...images], [1, 2, 3, 4, 5, 6]);
  });

  it("reads [N, H, W, C], also from the middle of a buffer", () => {
    const file = encodeIdx([1, 1, 2, 3], [9, 8, 7, 6, 5, 4]);
    const padded = new Uint8Array(file.length + 5);
    padded.set(file, 5);
    const { shape, images } = parseIdxImages(padded.subarray(5), "f");
    assert.deepEqual(shape, [1, 2, 3]);
    assert.deepEqual([...images], [9, 8, 7, 6, 5, 4]);
  });

  const bad: readonly [string, Uint8Array, RegExp][] = [
    ["nothing", new Uint8Array(0), /^photos is empty/],
    ["two bytes", Uint8Array.of(0, 0), /^photos is truncated: it has 2 of the 4 bytes/],
    [
      "half a header",
      encodeImages(1, 2, 2).subarray(0, 11),
      /truncated: it has 11 of the 16 bytes of its header/,
    ],
    ["a missing byte", encodeImages(3, 2, 2).subarray(0, -1), /truncated: .*3×2×2, 12 bytes, and 11 follow/],
    [
      "a byte too many",
      encodeIdx([1, 2, 2], [1, 2, 3, 4, 5]),
      /runs on past its end: .*4 bytes, and 5 follow/,
    ],
    ["no image", encodeIdx([0, 28, 28], []), /holds no pixel: its sizes are 0×28×28/],
    ["a height of 0", encodeIdx([5, 0, 28], []), /holds no pixel/],
    [
      "another magic number",
      encodeIdx([1, 1, 1], [1], 0x0d03),
      /wrong magic number 0x00000d03: expected 0x00000803/,
    ],
    ["text", new TextEncoder().encode("<html>…"), /wrong magic number 0x3c68746d/],
    ["two axes", encodeIdx([1, 1], [1]), /wrong magic number 0x00000802, 2 axes/],
    ["labels", encodeLabels(4, 2), /holds labels where images should be: .*0x00000801, expected 0x00000803/],
  ];
  for (const [what, bytes, message] of bad) {
    it(`refuses ${what}`, () => {
      const error = failure(() => parseIdxImages(bytes, "photos"));
      assert.match(error.message, message);
      assert.ok(!(error instanceof UsageError));
    });
  }

  it("reads back any sizes, and refuses any shortening", () => {
    const size = fc.integer({ min: 1, max: 5 });
    fc.assert(
      fc.property(fc.array(size, { minLength: 3, maxLength: 4 }), fc.nat(), (axes, cut) => {
        const [count, ...sizes] = axes;
        const bytes = encodeImages(count, ...sizes);
        const parsed = parseIdxImages(bytes, "f");
        assert.deepEqual([parsed.count, ...parsed.shape], [...axes, 1].slice(0, 4));
        const shorter = bytes.subarray(0, cut % bytes.length);
        assert.match(failure(() => parseIdxImages(shorter, "f")).message, /truncated|empty/);
      }),
    );
  });
});

describe("IDX labels", () => {
  it("reads [N]", () => {
    assert.deepEqual([...parseIdxLabels(encodeIdx([3], [2, 0, 1]), "f")], [2, 0, 1]);
  });

  const bad: readonly [string, Uint8Array, RegExp][] = [
    ["nothing", new Uint8Array(0), /^tags is empty: expected IDX labels/],
    ["no label", encodeIdx([0], []), /holds no label/],
    [
      "a missing byte",
      encodeLabels(9, 3).subarray(0, -1),
      /truncated: its header says 9, 9 bytes, and 8 follow/,
    ],
    [
      "images",
      encodeImages(2, 3, 3),
      /holds images where labels should be: .*0x00000803, expected 0x00000801/,
    ],
    [
      "another magic number",
      encodeIdx([1], [1], 0x0101),
      /wrong magic number 0x00000101: expected 0x00000801/,
    ],
  ];
  for (const [what, bytes, message] of bad) {
    it(`refuses ${what}`, () => {
      assert.match(failure(() => parseIdxLabels(bytes, "tags")).message, message);
    });
  }
});
