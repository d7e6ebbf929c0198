import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { allocateMemory, recycle } from "./memory.js";

const mend = () => "Take less.";

describe("an arena's memory", () => {
  for (const shared of [false, true]) {
    const what = shared ? "shared" : "not shared";

    it(`grows, zeroed, and keeps what it holds: ${what}`, () => {
      const memory = allocateMemory(100_000, shared, mend);
      memory.words[0] = 7;
      assert.ok(memory.grow(1_000_000));
      assert.equal(memory.size, 1_000_000);
      assert.ok(memory.bytes.length >= 1_000_000);
      assert.equal(memory.words[0], 7);
      assert.ok(memory.grow(10), "there already");
      assert.equal(memory.size, 1_000_000);
    });

    it(`that was given back is handed out again, zeroed: ${what}`, () => {
      const first = allocateMemory(300_000, shared, mend);
      first.bytes.fill(9);
      recycle(first);
      const small = allocateMemory(250_000, shared, mend);
      assert.equal(small.memory, first.memory);
      assert.ok(small.bytes.subarray(0, 250_000).every((byte) => byte === 0));
      assert.ok(small.grow(300_000));
      assert.ok(
        small.bytes.subarray(0, 300_000).every((byte) => byte === 0),
        "what it grows into as well",
      );
      assert.notEqual(allocateMemory(250_000, shared, mend).memory, first.memory, "to one at a time");
    });

    it(`that was given back is left alone where it does not fit: ${what}`, () => {
      const first = allocateMemory(2_000_000, shared, mend);
      recycle(first);
      for (const [bytes, kind] of [
        [3_000_000, shared],
        [100_000, shared],
        [2_000_000, !shared],
      ] as const)
        assert.notEqual(allocateMemory(bytes, kind, mend).memory, first.memory, `${bytes} bytes`);
    });
  }
});
