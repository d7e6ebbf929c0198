import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { murmur3, murmur3Digits } from "./murmur3.js";

describe("murmur3", () => {
  // From the Python package mmh3 5, mmh3_x86_128_digest(…).hex().
  const cases: [string, Uint8Array, string][] = [
    ["nothing", new Uint8Array(0), "00000000000000000000000000000000"],
    ["one byte", Buffer.from("a"), "3c9394a71bb056551bb056551bb05655"],
    ["part of a block", Buffer.from("heddle"), "d788c27551a883894b160d244b160d24"],
    ["one block", Buffer.from("0123456789abcdef"), "09447dfb0ad3ae369b1dad48fd3b2b57"],
    [
      "blocks and a rest",
      Buffer.from("The quick brown fox jumps over the lazy dog"),
      "c383152f672ceeec6cf67b5d2c1de9e5",
    ],
    ["every byte", Uint8Array.from({ length: 256 }, (_, i) => i), "8fc8562cdf0345db1ab252d3c0a24c49"],
  ];
  for (const [what, bytes, digest] of cases) {
    it(`is MurmurHash3_x86_128 of ${what}`, () => {
      assert.equal(murmur3(bytes), digest);
      assert.equal(digest.length, murmur3Digits);
    });
  }

  it("is the same wherever in its buffer the content lies, and leaves it as it was", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), fc.nat(17), (content, offset) => {
        const buffer = new Uint8Array(content.length + offset + 5).fill(0xa5);
        buffer.set(content, offset);
        const before = buffer.slice();
        assert.equal(murmur3(buffer.subarray(offset, offset + content.length)), murmur3(content));
        assert.deepEqual(buffer, before);
      }),
    );
  });

  it("is another after any flipped bit, and for any other length", () => {
    const bytes = Uint8Array.from({ length: 50 }, (_, index) => (index * 37) % 256);
    const seen = new Set([murmur3(bytes)]);
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = bytes.slice();
      flipped[bit >> 3] ^= 1 << (bit & 7);
      seen.add(murmur3(flipped));
    }
    assert.equal(seen.size, bytes.length * 8 + 1);
    const zeros = Array.from({ length: 40 }, (_, length) => murmur3(new Uint8Array(length)));
    assert.equal(new Set(zeros).size, zeros.length);
  });
});
