import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { received } from "./received.js";

const itself: unknown[] = [];
itself.push(itself);
const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();

describe("what was received", () => {
  const cases: readonly [unknown, string][] = [
    [undefined, "nothing"],
    [null, "null"],
    ["abc", '"abc"'],
    ['a "b"\n', '"a \\"b\\"\\n"'],
    ["\u001b[2J\u009b1m\u202e", '"\\u001b[2J\\u009b1m\\u202e"'],
    ["x".repeat(100), `"${"x".repeat(80)}…"`],
    [Number.NaN, "NaN"],
    [1e300, "1e+300"],
    [3n, "3n"],
    [Symbol("s"), "Symbol(s)"],
    [true, "true"],
    [() => 1, "a function"],
    [class {}, "a function"],
    [[], "[]"],
    [[3, [0, "a"]], '[3, [0, "a"]]'],
    [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "[1, 2, 3, 4, 5, 6, 7, 8, … 10 in all]"],
    [itself, "[[[[…]]]]"],
    [{ a: 1 }, "an object"],
    [Object.create(null), "an object"],
    [new Map(), "a Map"],
    [new Uint8Array(3), "a Uint8Array of 3"],
    [Buffer.from("abc"), "a Uint8Array of 3"],
    [new Int32Array(3), "an Int32Array of 3"],
    [new URLSearchParams(), "a URLSearchParams"],
    [new DataView(new ArrayBuffer(2)), "a DataView"],
    [new ArrayBuffer(2), "an ArrayBuffer"],
    [Promise.resolve(1), "a promise (await it first)"],
    [runInNewContext("new Float32Array(2)"), "a Float32Array of 2"],
    [revoked, "an object that can't be read"],
  ];
  for (const [value, words] of cases) {
    it(`is ${JSON.stringify(words.slice(0, 30))}`, () => assert.equal(received(value), words));
  }

  it("is short words for anything", () => {
    fc.assert(
      fc.property(
        fc.anything({ withBigInt: true, withTypedArray: true, withNullPrototype: true }),
        (value) => {
          const words = received(value);
          assert.ok(words.length > 0 && !words.includes("\n"));
        },
      ),
    );
  });
});
