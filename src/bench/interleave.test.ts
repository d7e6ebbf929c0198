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
const throwing = (_: unknown, error: Error): never => {
  throw error;
};

describe("entries in turn", () => {
  it("run in one order, then in the other", async () => {
    const { entries, ran } = noted({ a: 1, b: 2, c: 3 });
    const times = await interleave(entries, 3, rest, throwing);
    assert.equal(ran.join(""), "abccbaabc");
    assert.deepEqual(times, [
      [1, 1, 1],
      [2, 2, 2],
      [3, 3, 3],
    ]);
  });

  it("rest before each", async () => {
    const { entries, ran } = noted({ a: 1, b: 2 });
    const noting = () => {
      ran.push("-");
      return Promise.resolve();
    };
    await interleave(entries, 2, noting, throwing);
    assert.equal(ran.join(""), "-a-b-b-a");
  });

  it("run once from ten seconds on, and three times from one second on", async () => {
    const { entries, ran } = noted({ a: 1, once: 10_000, thrice: 9_999, often: 999 });
    await interleave(entries, 5, rest, throwing);
    const count = (name: string): number => ran.filter((other) => other === name).length;
    assert.deepEqual([count("a"), count("once"), count("thrice"), count("often")], [5, 1, 3, 5]);
  });

  it("go on without one that fails", async () => {
    const { entries } = noted({ a: 1, b: 2 });
    let turns = 0;
    const dying = { name: "dying", run: () => (++turns < 3 ? 5 : Promise.reject(new Error("gone"))) };
    const failures: string[] = [];
    const times = await interleave([...entries, dying], 4, rest, ({ name }, { message }) => {
      failures.push(`${name}: ${message}`);
    });
    assert.deepEqual(times, [[1, 1, 1, 1], [2, 2, 2, 2], []]);
    assert.deepEqual([failures, turns], [["dying: gone"], 3]);
  });

  it("are compared within their common rounds", () => {
    assert.equal(medianRatio([10, 20, 60], [20, 10, 30]), 2);
    assert.equal(medianRatio([10, 20, 60], [40]), 0.25);
    assert.equal(medianRatio([10], [40, 20, 30]), 0.25);
  });
});
