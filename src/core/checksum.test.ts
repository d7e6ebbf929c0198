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

  it("is the same of labels in every width that holds them", () => {
    const labels = [0, 1, 255, 7];
    const narrow = checksum(Uint8Array.from(labels));
    assert.equal(checksum(Uint16Array.from(labels)), narrow);
    assert.equal(checksum(Uint32Array.from(labels)), narrow);
    assert.notEqual(checksum(Uint16Array.of(0, 1, 256, 7)), checksum(Uint16Array.of(0, 1, 512, 7)));
  });
});
