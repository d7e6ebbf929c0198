import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { itSurvivesDamage } from "../../../testing/damaged.js";
import { encodeNpy } from "../../../testing/encode-npy.js";
import { bytesOf, numpyFixture } from "../../../testing/numpy-fixture.js";
import { parseNpy } from "./npy.js";

describe("an .npy file", () => {
  it("is read as NumPy wrote it, in every type, byte order and order of axes", () => {
    for (const { type, npy, values } of numpyFixture.arrays) {
      const array = parseNpy(bytesOf(npy), type);
      assert.equal(array.type, type);
      assert.deepEqual(array.shape, [2, 3]);
      assert.deepEqual(Array.from(array.values as never, Number), values);
    }
    assert.deepEqual(parseNpy(bytesOf(numpyFixture.scalar), "x"), {
      shape: [],
      type: "float32",
      values: Float32Array.of(2.5),
    });
  });

  it("is read out of the middle of other bytes, wherever it lies", () => {
    const { npy, values } = numpyFixture.arrays.find(({ type }) => type === "int64")!;
    const bytes = bytesOf(npy);
    for (let offset = 0; offset < 8; offset++) {
      const room = new Uint8Array(offset + bytes.length);
      room.set(bytes, offset);
      assert.deepEqual(Array.from(parseNpy(room.subarray(offset), "x").values as never, Number), values);
      const buffer = Buffer.from(room.buffer, offset, bytes.length);
      assert.deepEqual(Array.from(parseNpy(buffer, "x").values as never, Number), values);
    }
  });

  it("survives damage", () =>
    itSurvivesDamage(bytesOf(numpyFixture.arrays[6].npy), (bytes) => parseNpy(bytes, "x")));

  const three = Uint8Array.of(1, 2, 3);
  const bad: readonly [string, Uint8Array, RegExp][] = [
    ["Python objects", bytesOf(numpyFixture.objects), /^x holds Python objects .* Save numbers: np\.stack/],
    ["records", bytesOf(numpyFixture.records), /^x holds records of several fields/],
    ["texts", bytesOf(numpyFixture.texts), /^x holds texts \(dtype <U2\).*np\.unique/],
    ["complex numbers", bytesOf(numpyFixture.complex), /^x has the type <c8: expected one of bool, uint8/],
    ["other bytes", Uint8Array.from({ length: 20 }), /^x is no NumPy array/],
    [
      "another version",
      Uint8Array.of(...encodeNpy([3], three).subarray(0, 6), 9, 0, 4),
      /version 9 .* expected 1 to 3/,
    ],
    [
      "fewer values than it says",
      encodeNpy([4], three),
      /^x is truncated: 4 of uint8 are 4 bytes, and 3 are there/,
    ],
    ["more values than it says", encodeNpy([2], three), /^x runs on past its end: 2 of uint8 are 2 bytes/],
    ["more than any memory", encodeNpy([10 ** 14, 10 ** 14], three), /^x is truncated: .* 1e\+28 bytes/],
    ["a size below 0", encodeNpy([-3], three), /header that can't be read/],
    [
      "a size that is no number",
      encodeNpy([], three, { header: "{'descr': '|u1', 'fortran_order': False, 'shape': (3 * 1,)}" }),
      /header that can't be read/,
    ],
    [
      "no dictionary",
      encodeNpy([], three, { header: "__import__('os')" }),
      /header that can't be read: "__import__/,
    ],
  ];
  for (const [what, bytes, message] of bad) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => parseNpy(bytes, "x"), { name: "HeddleError", message });
    });
  }
});
