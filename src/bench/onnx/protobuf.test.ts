import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { message } from "./protobuf.js";

describe("Protocol Buffers messages", () => {
  // The first three are the examples of https://protobuf.dev/programming-guides/encoding/.
  it("write a number in base 128", () => {
    assert.deepEqual([...message([1, 150n])], [0x08, 0x96, 0x01]);
  });

  it("write text behind its length", () => {
    assert.deepEqual([...message([2, "testing"])], [0x12, 7, ...Buffer.from("testing")]);
  });

  it("write a message within a message", () => {
    assert.deepEqual([...message([3, message([1, 150n])])], [0x1a, 3, 0x08, 0x96, 0x01]);
  });

  it("write a negative number as ten bytes", () => {
    assert.deepEqual([...message([1, -2n])], [0x08, 0xfe, ...new Array<number>(8).fill(0xff), 0x01]);
  });

  it("write a float as its four bytes, and a field number beyond one byte", () => {
    assert.deepEqual([...message([20, { float: 1.5 }])], [0xa5, 0x01, 0, 0, 0xc0, 0x3f]);
  });
});
