import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { firstDifference } from "./difference.js";

describe("the first difference of two settings", () => {
  it("is none where only the order of keys differs", () => {
    assert.equal(
      firstDifference({ a: 1, b: { c: [1], d: null } }, { b: { d: null, c: [1] }, a: 1 }),
      undefined,
    );
  });

  it("takes a key without a value for none", () => {
    assert.equal(firstDifference({ a: 1 }, { a: 1, b: undefined }), undefined);
  });

  it("is named by its place, with both sides", () => {
    assert.deepEqual(firstDifference({ a: 1, b: { c: 2 } }, { a: 1, b: { c: 3 } }), {
      place: "b.c",
      kept: "2",
      wanted: "3",
    });
    assert.deepEqual(firstDifference({ a: { x: 1 } }, { a: null }), {
      place: "a",
      kept: '{"x":1}',
      wanted: "null",
    });
    assert.deepEqual(firstDifference({ old: 1 }, {}), { place: "old", kept: "1", wanted: "nothing" });
  });
});
