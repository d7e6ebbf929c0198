import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { TrainEvent } from "../../core/index.js";
import { EventLine } from "./event-line.js";

const step = (number: number) => ({ event: "step", step: number }) as TrainEvent;
const epoch = (number: number) => ({ event: "epoch", epoch: number }) as TrainEvent;

/** Whether a promise is settled by now. */
async function settled(promise: Promise<unknown>): Promise<boolean> {
  const pending = Symbol("pending");
  await new Promise(setImmediate);
  return (await Promise.race([promise, pending])) !== pending;
}

describe("an event line", () => {
  let sent: TrainEvent[];
  let line: EventLine;
  beforeEach(() => {
    sent = [];
    line = new EventLine((event) => sent.push(event));
  });

  it("waits for no step, and leaves out those that come while one is on its way", async () => {
    for (const number of [1, 2, 3]) await line.tell(step(number));
    assert.deepEqual(sent, [step(1)]);
    line.next();
    await line.tell(step(4));
    await line.tell(step(5));
    assert.deepEqual(sent, [step(1), step(4)]);
  });

  it("leaves out nothing else: it waits before it and behind it", async () => {
    await line.tell(step(1));
    const told = line.tell(epoch(1));
    assert.equal(await settled(told), false);
    assert.deepEqual(sent, [step(1)]);
    line.next();
    assert.equal(await settled(told), false);
    assert.deepEqual(sent, [step(1), epoch(1)]);
    line.next();
    assert.equal(await settled(told), true);
  });

  it("sends nothing more to a reader who has left", async () => {
    await line.tell(step(1));
    const told = line.tell(epoch(1));
    line.leave();
    assert.equal(await settled(told), true);
    assert.deepEqual(sent, [step(1)]);
    assert.equal(line.aborted, true);
  });

  it("waits no more once it was let go", async () => {
    const first = line.tell(epoch(1));
    line.letGo();
    assert.equal(await settled(first), true);
    assert.equal(await settled(line.tell(epoch(2))), true);
    assert.deepEqual(sent, [epoch(1), epoch(2)]);
  });

  it("takes a word too many for none", async () => {
    line.next();
    const told = line.tell(epoch(1));
    assert.equal(await settled(told), false);
    line.next();
    line.next();
    assert.equal(await settled(told), true);
  });
});
