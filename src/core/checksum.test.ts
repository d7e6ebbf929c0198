import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checksum } from "./checksum.js";

const sum = (text: string, seed?: number): number => checksum(new TextEncoder().encode(text), seed);

describe("checksum", () => {
  it("is FNV-1a, as its authors' test vectors have it", () => {
    assert.equal(sum(""), 0x811c9dc5);
    assert.equal(sum("a"), 0xe40c292c);
    assert.equal(sum("foobar"), 0xbf9cf968);
  });

  it("goes on from a piece to the next", () => {
    assert.equal(sum("bar", sum("foo")), sum("foobar"));
  });
});
