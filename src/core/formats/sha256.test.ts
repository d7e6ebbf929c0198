import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Sha256, sha256 } from "./sha256.js";

describe("sha256", () => {
  it("gives the standard's own examples", () => {
    assert.equal(sha256(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert.equal(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("is what OpenSSL says, in whatever pieces the content comes", () => {
    const pieces = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 6 });
    fc.assert(
      fc.property(pieces, (given) => {
        const [ours, theirs] = [new Sha256(), createHash("sha256")];
        for (const piece of given) {
          ours.update(piece);
          theirs.update(piece);
        }
        assert.equal(ours.digest(), theirs.digest("hex"));
      }),
    );
  });

  it("has room for all lengths about a block's end", () => {
    for (let length = 0; length <= 200; length++) {
      const content = Uint8Array.from({ length }, (_, index) => index);
      assert.equal(sha256(content), createHash("sha256").update(content).digest("hex"));
    }
  });
});
