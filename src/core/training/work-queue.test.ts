import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { WorkQueue } from "./work-queue.js";

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("a queue", () => {
  it("lets one through at a time, in the order of the calls", async () => {
    const queue = new WorkQueue();
    const seen: string[] = [];
    const work = (name: string, waits: number) => async () => {
      seen.push(`${name} in`);
      for (let wait = 0; wait < waits; wait++) await turn();
      seen.push(`${name} out`);
      return name;
    };
    const results = await Promise.all([
      queue.run(work("a", 3)),
      queue.run(work("b", 0)),
      queue.run(work("c", 1)),
    ]);
    assert.deepEqual(results, ["a", "b", "c"]);
    assert.deepEqual(seen, ["a in", "a out", "b in", "b out", "c in", "c out"]);
  });

  it("goes on after a failure", async () => {
    const queue = new WorkQueue();
    const failed = queue.run(() => {
      throw new Error("no");
    });
    const next = queue.run(() => 7);
    await assert.rejects(failed, /no/);
    assert.equal(await next, 7);
  });
});
