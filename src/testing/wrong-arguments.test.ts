import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "../core/errors.js";
import { checkValue, wholeNumber } from "../core/options/index.js";
import { fuzz, fuzzed, wrongCalls } from "./wrong-arguments.js";

describe("wrong calls", () => {
  it("reach every argument and member, and change what is right nowhere", () => {
    const args = [{ size: [2, 3], labels: Uint8Array.of(1, 2) }, "name"] as const;
    const kept = structuredClone(args);
    const said = new Set([...wrongCalls(args)].map(({ what }) => what));
    for (const what of [
      "argument 0 = null",
      "argument 0 with a stranger",
      "argument 0 with size misspelt",
      "argument 0 without labels",
      "argument 0.size[1] = NaN",
      "argument 0.size with a hole",
      "argument 0.labels as Float32Array",
      "argument 0.labels one shorter",
      "argument 1 = a function",
      "no argument 1",
      "an argument more",
    ]) {
      assert.ok(said.has(what), what);
    }
    assert.deepEqual(args, kept);
  });
});

describe("fuzzing", () => {
  const half = (check: (count: number) => unknown) =>
    fuzzed({
      call: (count: number) => {
        check(count);
        return count / 2;
      },
      args: [4],
      holds: (result) => Number.isInteger(2 * result) && result > 0,
    });

  it("finds nothing wrong where every wrong argument is refused", async () => {
    const { faults, refused } = await fuzz(
      half((count) => checkValue("half", "count", count, wholeNumber({ from: 1 }))),
    );
    assert.deepEqual(faults, []);
    assert.ok(refused > 20);
  });

  it("finds raw errors, rubbish, and messages that show the inside", async () => {
    const raw = await fuzz(half((count) => count.toFixed()));
    assert.ok(raw.faults.includes("argument 0 = NaN: taken for right, and the result is not"));
    assert.ok(raw.faults.some((fault) => /^argument 0 = null: threw TypeError/.test(fault)));
    const vague = half((count) => {
      if (!(count > 0)) throw new UsageError(`${count} is wrong`);
    });
    assert.ok(
      (await fuzz(vague)).faults.some((fault) =>
        /^argument 0 = NaN: a message without an end: NaN/.test(fault),
      ),
    );
    assert.ok(
      (await fuzz(vague)).faults.some((fault) => /^argument 0 = \{\}: a message that shows/.test(fault)),
    );
  });

  it("finds the right arguments refused", async () => {
    const never = half(() => {
      throw new UsageError("There is no half.");
    });
    assert.ok((await fuzz(never)).faults.includes("nothing wrong: There is no half."));
  });
});
