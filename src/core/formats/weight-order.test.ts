import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { filtersFirst, gatesFirst, rowsByChannel, transposed } from "./weight-order.js";

const counted = (length: number): Float32Array => Float32Array.from({ length }, (_, index) => index);

describe("weights in others' orders", () => {
  it("have a convolution's filters first", () => {
    // [1, 2, 2, 2]: tap, channel and filter are the digits of a number in base 2.
    assert.deepEqual([...filtersFirst([1, 2, 2, 2], counted(8))], [0, 4, 2, 6, 1, 5, 3, 7]);
  });

  it("have the rows of a dense kernel by channels", () => {
    assert.deepEqual([...rowsByChannel([1, 2, 2], counted(8))], [0, 1, 4, 5, 2, 3, 6, 7]);
  });

  it("have rows as columns", () => {
    assert.deepEqual([...transposed([2, 3], counted(6))], [0, 3, 1, 4, 2, 5]);
  });

  it("have gates as blocks of rows, in the order asked for", () => {
    // Two gates of two units, two inputs.
    assert.deepEqual([...gatesFirst([1, 0], 2, counted(8))], [2, 6, 3, 7, 0, 4, 1, 5]);
    assert.deepEqual([...gatesFirst([1, 0], 1, counted(4))], [2, 3, 0, 1]);
  });
});
