import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Lock } from "./lock.js";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a lock", () => {
  it("lets one through at a time, in the order of the calls", async () => {
    const lock = new Lock();
    const seen: string[] = [];
    const work = (name: string, waits: number) => async () => {
      seen.push(`${name} in`);
      for (let wait = 0; wait < waits; wait++) await turn();
      seen.push(`${name} out`);
      return name;
    };
    const results = await Promise.all([
      lock.run(work("a", 3)),
      lock.run(work("b", 0)),
      lock.run(work("c", 1)),
    ]);
    assert.deepEqual(results, ["a", "b", "c"]);
    assert.deepEqual(seen, ["a in", "a out", "b in", "b out", "c in", "c out"]);
  });

  it("goes on after a failure", async () => {
    const lock = new Lock();
    const failed = lock.run(() => {
      throw new Error("no");
    });
    const next = lock.run(() => 7);
    await assert.rejects(failed, /no/);
    assert.equal(await next, 7);
  });
});
