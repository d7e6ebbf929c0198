import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { painter } from "./paint.js";
import { toTerminal, visible, visibleLine } from "./visible.js";

const esc = "\u001b";

describe("text on its way to a terminal", () => {
  it("shows what would steer it", () => {
    assert.equal(
      toTerminal(`runs/${esc}[2J${esc}]0;title\u0007\r\u009b31m\u202etxt.exe\u2028`),
      "runs/\\u001b[2J\\u001b]0;title\\u0007\\u000d\\u009b31m\\u202etxt.exe\\u2028",
    );
  });

  it("stays as it is otherwise, lines and tabs too", () => {
    const text = "  Größe\t10 × 4, 漢字 🙂\nsecond line\n";
    assert.equal(toTerminal(text), text);
    assert.equal(visibleLine("a\tb\nc"), "a\\u0009b\\u000ac");
  });

  it("keeps our own colours, and shows the same sequences from outside", () => {
    const paint = painter(true);
    assert.equal(toTerminal(paint("red", "error:")), `${esc}[31merror:${esc}[39m`);
    assert.equal(
      toTerminal(paint("bold", `${esc}[31mname${esc}[39m`)),
      `${esc}[1m\\u001b[31mname\\u001b[39m${esc}[22m`,
    );
  });

  it("has nothing that steers, whatever comes, and is the same when it goes through twice", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const shown = toTerminal(text);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
        assert.doesNotMatch(shown, /[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
        assert.equal(visible(visible(text)), visible(text));
      }),
    );
  });

  it("leaves JSON the same JSON", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        assert.deepEqual(JSON.parse(toTerminal(JSON.stringify({ name }))), { name });
      }),
    );
  });
});
