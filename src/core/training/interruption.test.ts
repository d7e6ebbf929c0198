import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Interruption } from "./interruption.js";

const never = new Promise<string>(() => undefined);
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe("an interruption", () => {
  it("comes from its signal, or by stop, and ends what is waited for", async () => {
    const controller = new AbortController();
    const bySignal = new Interruption(controller.signal);
    const byStop = new Interruption();
    const waits = [bySignal.orStopped(never), byStop.orStopped(never), byStop.orStopped(never)];
    assert.deepEqual([bySignal.aborted, byStop.aborted], [false, false]);
    controller.abort();
    byStop.stop();
    assert.deepEqual(await Promise.all(waits), [undefined, undefined, undefined]);
    assert.deepEqual([bySignal.aborted, byStop.aborted], [true, true]);
    assert.equal(await byStop.orStopped(never), undefined, "nothing more is waited for");
  });

  it("is seen of what only says that it is aborted, when it is looked at", () => {
    const signal = { aborted: false };
    const interruption = new Interruption(signal);
    signal.aborted = true;
    assert.equal(interruption.aborted, true);
  });

  it("lets through what comes first, and listens no longer", async () => {
    let listeners = 0;
    const signal = {
      aborted: false,
      addEventListener: () => void listeners++,
      removeEventListener: () => void listeners--,
    };
    const interruption = new Interruption(signal);
    assert.equal(interruption.orStopped("at once"), "at once");
    const coming = interruption.orStopped(turn().then(() => "later"));
    assert.equal(listeners, 1);
    assert.equal(await coming, "later");
    const failed = interruption.orStopped(Promise.reject(new Error("no")));
    await assert.rejects(async () => failed, /no/);
    await turn();
    assert.equal(listeners, 0);
  });
});
