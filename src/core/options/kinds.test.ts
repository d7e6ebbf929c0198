import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { runInNewContext } from "node:vm";
import { UsageError } from "../errors.js";
import {
  checkValue,
  choice,
  convertedBy,
  either,
  flag,
  kindOfValue,
  listOf,
  number,
  type OptionKind,
  range,
  shape,
  share,
  sizePair,
  text,
  typedArray,
  wholeNumber,
  withMethods,
} from "./index.js";

const read = <Value>(kind: OptionKind<Value, never>, value: unknown): Value =>
  checkValue("loom", "option", value, kind);

interface Weaver {
  weave(): void;
}

describe("every kind", () => {
  const taken: readonly [string, OptionKind<unknown, never>, given: unknown, made: unknown][] = [
    ["a number at its bounds", number({ from: 0, to: 1 }), 1, 1],
    ["no negative zero", number({ from: 0 }), -0, 0],
    ["a whole number", wholeNumber({ from: -1, to: 3 }), -1, -1],
    ["a share", share(), 0, 0],
    ["a range", range({ from: 0 }), [-0, 0.5], [0, 0.5]],
    ["a flag", flag(), false, false],
    ["a name", choice(["plain", "twill"]), "twill", "twill"],
    ["text", text(/^[a-z]+$/, "lower-case letters"), "abc", "abc"],
    ["one size", sizePair(), 3, [3, 3]],
    ["two sizes", sizePair(), [2, 3], [2, 3]],
    ["a shape", shape(), [28, 28, 1], [28, 28, 1]],
    ["a shape of named axes", shape(["height", "width"]), [2, 3], [2, 3]],
    ["a list", listOf(wholeNumber(), { from: 1 }), [1, 2], [1, 2]],
    ["the second of two", either(flag(), number()), 0.5, 0.5],
    ["a number made", convertedBy("a number as text", (given: string) => Number(given)), "12", 12],
  ];
  for (const [what, kind, given, made] of taken) {
    it(`takes ${what}`, () => assert.deepEqual(read(kind, given), made));
  }

  const refused: readonly [OptionKind<unknown, never>, unknown, string][] = [
    [number(), Number.NaN, "a finite number, but is NaN."],
    [
      number({ above: 0 }),
      1e39,
      "a number above 0, but is 1e+39. As a 32-bit float it is infinite: stay below 3.4e38.",
    ],
    [number(), "1", 'a finite number, but is "1".'],
    [number({ above: 0 }), 0, "a number above 0, but is 0."],
    [number({ above: 0, to: 1 }), 2, "a number above 0 and at most 1, but is 2."],
    [number({ above: 0, below: 1 }), 1, "a number above 0 and below 1, but is 1."],
    [number({ from: 0 }), Infinity, "a number of 0 or more, but is Infinity."],
    [number({ from: 0, below: 1 }), 1, "a number from 0 up to, not including, 1, but is 1."],
    [range({ above: 0 }), [2, 1], "[least, greatest], each a number above 0, but is [2, 1]."],
    [range({ above: 0 }), [0, 1], "[least, greatest], each a number above 0, but is [0, 1]."],
    [range(), [1, 2, 3], "[least, greatest], each a finite number, but is [1, 2, 3]."],
    [range(), 1, "[least, greatest], each a finite number, but is 1."],
    [number({ to: 5 }), 6, "a number of at most 5, but is 6."],
    [number({ below: 5 }), 5, "a number below 5, but is 5."],
    [
      share("the share of values dropped"),
      1,
      "a number from 0 up to, not including, 1 (the share of values dropped), but is 1.",
    ],
    [wholeNumber(), 2 ** 53, "a whole number, but is 9007199254740992."],
    [wholeNumber({ from: 1 }), 1.5, "a whole number of 1 or more, but is 1.5."],
    [wholeNumber({ from: 1, to: 256 }), 257, "a whole number from 1 to 256, but is 257."],
    [flag(), 1, "true or false, but is 1."],
    [choice(["relu", "tanh"]), "tan", 'one of "relu", "tanh", but is "tan". Did you mean "tanh"?'],
    [choice(["relu"]), ["relu"], 'one of "relu", but is ["relu"].'],
    [text(), "", 'text, but is "".'],
    [
      sizePair(),
      [1, 2, 3],
      "a whole number of 1 or more, or two of them as [height, width], but is [1, 2, 3].",
    ],
    [
      sizePair(),
      new Array(2),
      "a whole number of 1 or more, or two of them as [height, width], but is [nothing, nothing].",
    ],
    [shape(), [], "a list of sizes such as [28, 28], but is []."],
    [shape(["height", "width"]), [1], "[height, width], each a whole number of 1 or more, but is [1]."],
    [listOf(flag(), { from: 1 }), [], "a list of 1 or more, each true or false, but is []."],
    [either(flag(), number()), null, "true or false, or a finite number, but is null."],
    [withMethods<Weaver>("a weaver", "weave"), { weave: 1 }, "a weaver, but is an object."],
    [
      typedArray("Uint8Array"),
      ["a"],
      'a Uint8Array, but is ["a"]. Make numbers of names: Uint8Array.from(values, (value) => names.indexOf(value)).',
    ],
    [
      typedArray("Uint8Array", "Uint16Array"),
      [256],
      "a Uint8Array or Uint16Array, but is [256]. Make one with Uint16Array.from(…).",
    ],
    [typedArray("Uint8Array"), [0.5], "a Uint8Array, but is [0.5]."],
    [typedArray("Uint8Array"), [1], "a Uint8Array, but is [1]. Make one with Uint8Array.from(…)."],
    [
      typedArray("Uint8Array", "Uint16Array"),
      new Float32Array(2),
      "a Uint8Array or Uint16Array, but is a Float32Array of 2.",
    ],
    [
      typedArray("Uint8Array"),
      new ArrayBuffer(2),
      "a Uint8Array, but is an ArrayBuffer. Wrap it: new Uint8Array(buffer).",
    ],
    [
      typedArray("Uint32Array", "Uint8Array"),
      new SharedArrayBuffer(4),
      "a Uint32Array or Uint8Array, but is a SharedArrayBuffer. Wrap it: new Uint32Array(buffer).",
    ],
    [
      kindOfValue("readable", (value) => (value as { length: number }).length > 0),
      undefined,
      "readable, but is nothing.",
    ],
    [convertedBy("text", (given: string) => given.trim()), 5, "text, but is 5."],
  ];
  for (const [kind, given, words] of refused) {
    it(`says: ${words}`, () => {
      assert.throws(() => read(kind, given), {
        name: "UsageError",
        message: `loom: option must be ${words}`,
      });
    });
  }

  it("says which part of a list or a shape was wrong", () => {
    assert.throws(() => read(shape(), [28, -1]), {
      message: "loom: each size of option must be a whole number of 1 or more, but is -1.",
    });
    assert.throws(() => read(listOf(listOf(flag())), [[true], [false, 0]]), {
      message: "loom: option[1][1] must be true or false, but is 0.",
    });
  });

  it("says that grey images have one channel", () => {
    assert.throws(() => read(shape(["height", "width", "channels"]), [28, 30]), {
      message:
        "loom: option must be [height, width, channels], each a whole number of 1 or more, but is [28, 30]. " +
        "Grey images have one channel: [28, 30, 1].",
    });
    assert.throws(
      () => read(shape(["height", "width", "channels"]), [Number.NaN, 30]),
      /but is \[NaN, 30\]\.$/,
    );
  });

  it("says of names that others have where they belong", () => {
    const kind = choice(["plain", "twill"], { satin: "Leave it out." });
    assert.throws(() => read(kind, "Satin"), {
      message: 'loom: option must be one of "plain", "twill", but is "Satin". Leave it out.',
    });
  });

  it("says what its maker said", () => {
    const kind = convertedBy("a weave", () => {
      throw new UsageError("There is no such weave.");
    });
    assert.throws(() => read(kind, "x"), { name: "UsageError", message: "loom: There is no such weave." });
  });

  it("takes typed arrays of another realm, and objects of any class", () => {
    const foreign = runInNewContext("new Uint8Array(2)");
    assert.equal(read(typedArray("Uint8Array"), foreign), foreign);
    class Own implements Weaver {
      weave(): void {}
    }
    const own = new Own();
    assert.equal(read(withMethods<Weaver>("a weaver", "weave"), own), own);
  });
});
