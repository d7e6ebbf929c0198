import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseJson } from "./json.js";

const nested = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);

describe("parseJson", () => {
  it("gives what JSON.parse gives", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        assert.deepEqual(parseJson(text), JSON.parse(text));
      }),
    );
  });

  it("refuses what JSON.parse refuses", () => {
    for (const text of ["", '"', '"\\', "[", "]", '{"a"}', '"a\\"']) {
      assert.throws(() => parseJson(text), SyntaxError, text);
    }
  });

  it("goes down 100 levels and no further, counting none in strings", () => {
    assert.deepEqual(parseJson(nested(100)), JSON.parse(nested(100)));
    for (const text of [nested(101), '{"a":'.repeat(101), nested(1_000_000)]) {
      assert.throws(() => parseJson(text), /more than 100 levels deep/);
    }
    const [brackets, escaped] = ["[".repeat(200), `\\"${"{".repeat(200)}\\`];
    assert.deepEqual(parseJson(JSON.stringify([brackets, escaped])), [brackets, escaped]);
  });
});
