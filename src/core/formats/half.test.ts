import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { bfloat16, greatestHalf, half, halfBits } from "./half.js";

describe("numbers of 16 bits", () => {
  it("are read as IEEE 754's binary16", () => {
    const read = [0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x8000, 0x3555, 0x7c00].map(half);
    const wanted = [1, -2, 65504, 2 ** -14, 2 ** -24, -0, 1365 / 4096, Number.POSITIVE_INFINITY];
    assert.deepEqual(read, wanted);
    assert.ok(Number.isNaN(half(0x7e00)));
  });

  it("are written back to the same bits", () => {
    for (let bits = 0; bits < 2 ** 16; bits++) {
      if (!Number.isNaN(half(bits))) assert.equal(halfBits(half(bits)), bits);
    }
    assert.ok(Number.isNaN(half(halfBits(Number.NaN))));
  });

  it("are written as the nearest, of two equally near the even one", () => {
    const nearest = fc.property(
      fc.double({ min: -greatestHalf, max: greatestHalf, noNaN: true }),
      (value) => {
        const bits = halfBits(value);
        const off = Math.abs(half(bits) - value);
        const neighbours = [bits - 1, bits + 1].filter((each) => each >= 0 && (each & 0x7fff) < 0x7c00);
        for (const each of neighbours) assert.ok(Math.abs(half(each) - value) >= off);
      },
    );
    fc.assert(nearest);
    const ties = [1 + 2 ** -11, 1 + 3 * 2 ** -11, 2 ** -25, 3 * 2 ** -25, 65_519, 65_520];
    const wanted = [1, 1 + 2 ** -9, 0, 2 ** -23, greatestHalf, Number.POSITIVE_INFINITY];
    assert.deepEqual(ties.map(halfBits).map(half), wanted);
  });

  it("are read as bfloat16", () => {
    assert.deepEqual([0x3f80, 0xc040, 0x4049].map(bfloat16), [1, -3, 3.140625]);
  });
});
