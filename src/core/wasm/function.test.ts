import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { i32 } from "./expression.js";
import type { FunctionBuilder } from "./function.js";
import { ModuleBuilder } from "./module.js";
import { instantiate } from "./testing/evaluate.js";

/** What a function notes down, one number after another. */
function notes(write: (f: FunctionBuilder, note: (value: number) => void) => void): number[] {
  const module = new ModuleBuilder({ maximumPages: 1, shared: false });
  const append = module.function(["value"], (f, { value }) => {
    const end = f.let(i32.add(i32.load(0), 4));
    f.do(i32.store(0, end));
    f.do(i32.store(end, value));
  });
  module.function([], (f) => write(f, (value) => f.call(append, { value })), { exportAs: "main" });
  const { exports, buffer } = instantiate(module, false);
  exports.main();
  const words = new Int32Array(buffer);
  return [...words.subarray(1, 1 + words[0] / 4)];
}

describe("statements written together", () => {
  it("come in turn: the first of every value, then the second", () => {
    const order = notes((f, note) => {
      note(0);
      f.together([10, 20, 30], (value) => {
        note(value + 1);
        note(value + 2);
      });
      note(99);
    });
    assert.deepEqual(order, [0, 11, 21, 31, 12, 22, 32, 99]);
  });

  it("have variables of their own", () => {
    const sum = notes((f) => {
      f.together([3, 4], (value) => {
        const own = f.let(i32.const(value));
        f.add(own, 10);
        f.do(i32.store(value * 4, own));
      });
      f.do(i32.store(0, i32.const(16)));
    });
    assert.deepEqual(sum, [0, 0, 13, 14]);
  });

  it("are none of no value, and the body's own of a single one", () => {
    assert.deepEqual(
      notes((f, note) => {
        f.together([], note);
        f.together([5], note);
      }),
      [5],
    );
  });

  const refused: readonly [string, (f: FunctionBuilder) => void, RegExp][] = [
    [
      "unlike in number",
      (f) => f.together([1, 2], (count) => Array.from({ length: count }, () => f.drop(i32.const(0)))),
      /a body of as many statements for every value/,
    ],
    ["loops", (f) => f.together([1, 2], (to) => f.for({ to }, () => {})), /has a branch or a loop/],
    ["branches", (f) => f.together([1], () => f.if(i32.const(1), () => {})), /has a branch or a loop/],
    [
      "others like them",
      (f) => f.together([1], () => f.together([1], () => {})),
      /together within together would lose the order/,
    ],
  ];
  for (const [what, write, message] of refused) {
    it(`can't be ${what}, and what is written next is itself again`, () => {
      const order = notes((f, note) => {
        assert.throws(() => write(f), message);
        f.for({ to: 2 }, () => note(7));
      });
      assert.deepEqual(order, [7, 7]);
    });
  }
});
