import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { interleave, medianRatio } from "./interleave.js";

/** Entries that note when they ran, each with its milliseconds. */
function noted(milliseconds: Readonly<Record<string, number>>) {
  const ran: string[] = [];
  const entries = Object.entries(milliseconds).map(([name, ms]) => ({
    name,
    run: () => {
      ran.push(name);
      return ms;
    },
  }));
  return { entries, ran };
}

const rest = () => Promise.resolve();

describe("entries in turn", () => {
  it("run in one order, then in the other", async () => {
    const { entries, ran } = noted({ a: 1, b: 2, c: 3 });
    const times = await interleave(entries, 3, rest);
    assert.equal(ran.join(""), "abccbaabc");
    assert.deepEqual(times, [
      [1, 1, 1],
      [2, 2, 2],
      [3, 3, 3],
    ]);
  });

  it("rest before each", async () => {
    const { entries, ran } = noted({ a: 1, b: 2 });
    await interleave(entries, 2, () => {
      ran.push("-");
      return Promise.resolve();
    });
    assert.equal(ran.join(""), "-a-b-b-a");
  });

  it("run once from ten seconds on, and three times from one second on", async () => {
    const { entries, ran } = noted({ a: 1, once: 10_000, thrice: 9_999, often: 999 });
    await interleave(entries, 5, rest);
    const count = (name: string): number => ran.filter((other) => other === name).length;
    assert.deepEqual([count("a"), count("once"), count("thrice"), count("often")], [5, 1, 3, 5]);
  });

  it("are compared within their common rounds", () => {
    assert.equal(medianRatio([10, 20, 60], [20, 10, 30]), 2);
    assert.equal(medianRatio([10, 20, 60], [40]), 0.25);
  });
});
