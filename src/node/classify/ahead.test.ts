import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { workAhead } from "./ahead.js";
import { limit } from "./limit.js";

describe("work ahead of who reads", () => {
  it("gives every result once, in order, in batches that are not too large", async () => {
    const delays = fc.array(fc.nat(4), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(
        delays,
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 4 }),
        async (items, room, most) => {
          const results: number[] = [];
          let begun = 0;
          const work = async (delay: number): Promise<number> => {
            begun++;
            assert.ok(begun - results.length <= room + most, "no more than there is room for");
            await sleep(delay);
            return delay;
          };
          for await (const batch of workAhead(items, work, { room, most, patience: 2 })) {
            assert.ok(batch.length >= 1 && batch.length <= most);
            results.push(...batch.map(({ result }) => result));
          }
          assert.deepEqual(results, items);
        },
      ),
      { numRuns: 20 },
    );
  });

  it("gives what is done while more is waited for", async () => {
    let more = (): void => undefined;
    const slow = async function* () {
      yield 1;
      await new Promise<void>((resolve) => {
        more = resolve;
      });
      yield 2;
    };
    const results: number[] = [];
    for await (const batch of workAhead(slow(), async (item) => item, { room: 4, most: 4, patience: 5 })) {
      results.push(...batch.map(({ result }) => result));
      more();
    }
    assert.deepEqual(results, [1, 2]);
  });

  it("waits for those that are being worked on, but not for long", async () => {
    const done: (() => void)[] = [];
    const work = (item: number) =>
      new Promise<number>((resolve) => {
        done[item] = () => resolve(item);
      });
    const batches = (patience: number) => workAhead([0, 1, 2], work, { room: 3, most: 3, patience });
    const sizes = async (patience: number): Promise<number[]> => {
      done.length = 0;
      const found: number[] = [];
      const reading = (async () => {
        for await (const batch of batches(patience)) found.push(batch.length);
      })();
      while (done.length < 3) await sleep(1);
      done[0]();
      await sleep(30);
      done[1]();
      done[2]();
      await reading;
      return found;
    };
    assert.deepEqual(await sizes(60_000), [3]);
    assert.deepEqual(await sizes(1), [1, 2]);
  });

  it("fails as its items or its work do, after what came before", async () => {
    const failing = async function* () {
      yield 1;
      throw new Error("no more");
    };
    const results: number[] = [];
    const read = async (): Promise<void> => {
      for await (const batch of workAhead(failing(), async (item) => item, { room: 4, most: 4, patience: 5 }))
        results.push(...batch.map(({ result }) => result));
    };
    await assert.rejects(read(), /no more/);
    assert.deepEqual(results, [1]);
    const broken = workAhead([1], () => Promise.reject(new Error("broken")), {
      room: 1,
      most: 1,
      patience: 5,
    });
    await assert.rejects(broken.next(), /broken/);
  });

  it("takes nothing more once nobody reads", async () => {
    let taken = 0;
    const endless = function* () {
      for (;;) yield taken++;
    };
    for await (const _ of workAhead(endless(), async (item) => item, { room: 3, most: 1, patience: 5 }))
      break;
    const then = taken;
    await sleep(5);
    assert.ok(taken <= then + 1 && taken < 10);
  });
});

describe("a limit", () => {
  it("lets so many go on at once, whatever fails", async () => {
    const inTurn = limit(2);
    let going = 0;
    let most = 0;
    const work = async (index: number): Promise<number> => {
      most = Math.max(most, ++going);
      await sleep(1);
      going--;
      if (index === 1) throw new Error("one");
      return index;
    };
    const settled = await Promise.allSettled(
      Array.from({ length: 7 }, (_, index) => inTurn(() => work(index))),
    );
    assert.equal(most, 2);
    assert.deepEqual(
      settled.map(({ status }) => status === "fulfilled"),
      [true, false, true, true, true, true, true],
    );
  });
});
