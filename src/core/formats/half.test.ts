import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bfloat16, half } from "./half.js";

describe("numbers of 16 bits", () => {
  it("are read as IEEE 754's binary16", () => {
    const read = [0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x8000, 0x3555, 0x7c00].map(half);
    const wanted = [1, -2, 65504, 2 ** -14, 2 ** -24, -0, 1365 / 4096, Number.POSITIVE_INFINITY];
    assert.deepEqual(read, wanted);
    assert.ok(Number.isNaN(half(0x7e00)));
  });

  it("are read as bfloat16", () => {
    assert.deepEqual([0x3f80, 0xc040, 0x4049].map(bfloat16), [1, -3, 3.140625]);
  });
});
