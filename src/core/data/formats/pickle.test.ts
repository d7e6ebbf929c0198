import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { itSurvivesDamage } from "../../../testing/damaged.js";
import { bytesOf, numpyFixture } from "../../../testing/numpy-fixture.js";
import { parsePickle } from "./pickle.js";

const pickle = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, "latin1"));

describe("a pickle", () => {
  for (const [protocol, base64] of Object.entries(numpyFixture.pickles)) {
    it(`of ${protocol} is read, and survives damage`, () => {
      const bytes = bytesOf(base64);
      const batch = parsePickle(bytes, "x");
      assert.ok(batch instanceof Map);
      const data = batch.get("data") as { shape: number[]; type: string; values: Uint8Array };
      assert.deepEqual([data.shape, data.type, [...data.values]], [[2, 3], "uint8", [0, 1, 2, 3, 254, 255]]);
      assert.deepEqual(batch.get("labels"), [0, 1]);
      const name = batch.get("name");
      assert.equal(typeof name === "string" ? name : Buffer.from(name as Uint8Array).toString(), "plum");
      itSurvivesDamage(bytes, (damaged) => parsePickle(damaged, "x"), 150);
    });
  }

  it("of plain values is read", () => {
    assert.deepEqual(parsePickle(pickle("(I1\nL-20L\nF2.5\nS'a\\x41\\n'\nVb\\u00e4\nNtp0\n0g0\n."), "x"), [
      1,
      -20,
      2.5,
      "aA\n",
      "bä",
      null,
    ]);
    assert.deepEqual(
      parsePickle(
        pickle("\x80\x02]q\x00(J\xff\xff\xff\xffM\x01\x01\x8a\x02\x00\xff\x88\x89G@\x04\0\0\0\0\0\0e."),
        "x",
      ),
      [-1, 257, -256, true, false, 2.5],
    );
  });

  it("that holds itself is read", () => {
    const list = parsePickle(pickle("]q\x00h\x00a."), "x") as unknown[];
    assert.equal(list[0], list);
  });

  const dtype =
    "cnumpy\ndtype\nU\x02u1K\x00K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb";
  const array = "cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R";
  const bad: readonly [string, string, RegExp][] = [
    [
      "a function of the system",
      "cposix\nsystem\nU\x02id\x85R.",
      /names "posix\.system", which is never called/,
    ],
    ["a function by name on the stack", "\x8c\x08builtins\x8c\x04eval\x93.", /names "builtins\.eval"/],
    ["what every object has", "c__proto__\nconstructor\n.", /names "__proto__\.constructor"/],
    ["an object of a class", "(i__main__\nX\n.", /its opcode 0x69 at byte 1 is not followed/],
    ["a new object", "cnumpy\nndarray\n)\x81.", /opcode 0x81 at byte 16/],
    ["what lies outside", "P12\n.", /opcode 0x50/],
    ["a text longer than all", "X\xff\xff\xff\x7fabc.", /2147483647 bytes are wanted at byte 5 and 4 follow/],
    [
      "bytes longer than any memory",
      "\x8e\xff\xff\xff\xff\xff\xff\xff\xff.",
      /damaged pickle: 18446744073709552000 bytes/,
    ],
    ["a number of many bytes", "\x8b\xff\xff\xff\x7f.", /a number of 2147483647 bytes/],
    ["a text that is not UTF-8", "X\x01\0\0\0\xff.", /not UTF-8/],
    ["nothing to take", "a.", /finds nothing to take/],
    ["nothing remembered", "h\x07.", /finds nothing to take/],
    ["no mark", "K\x01e.", /finds nothing to take/],
    [
      "an array of another size than its bytes",
      `${array}(K\x01K\x04K\x05\x86${dtype}\x89U\x06abcdeftb.`,
      /^x is truncated: 4×5 of uint8 are 20 bytes, and 6/,
    ],
    ["an array without content", `${array}.`, /something other than plain values and NumPy arrays/],
    [
      "an array of objects",
      `${array}(K\x01K\x01\x85cnumpy\ndtype\nU\x02O8K\x00K\x01\x87R\x89]tb.`,
      /holds Python objects/,
    ],
    [
      "an array that is no array's",
      `K\x01(K\x01K\x01\x85${dtype}\x89U\x01atb.`,
      /something other than plain/,
    ],
    ["a function called with other things", "cnumpy\ndtype\n)R.", /something other than plain/],
  ];
  for (const [what, text, message] of bad) {
    it(`with ${what} is refused`, () => {
      assert.throws(() => parsePickle(pickle(text), "x"), { name: "HeddleError", message });
    });
  }

  it("that makes ever new arrays of one content is refused", () => {
    const content = "a".repeat(255);
    const wide = dtype.replace("u1", "f2").replace("|", "<");
    const again = `${array}(K\x01K\x7f\x85${wide}\x89h\x00tb`;
    const text = `U\xfe${content.slice(1)}q\x000${again.repeat(200)}.`;
    assert.throws(
      () => parsePickle(pickle(text), "x"),
      /damaged pickle: it makes more arrays of its bytes than it has/,
    );
  });
});
