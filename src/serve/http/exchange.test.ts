import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { orGivenUp } from "./exchange.js";

describe("work for a request", () => {
  it("gives what it comes to, or fails as it does", async () => {
    const { signal } = new AbortController();
    assert.equal(await orGivenUp(signal, Promise.resolve(7)), 7);
    await assert.rejects(orGivenUp(signal, Promise.reject(new Error("broken"))), /broken/);
  });
  it("is given up for the signal's reason, and may fail unheard after that", async () => {
    const unheard: unknown[] = [];
    const hear = (reason: unknown): void => void unheard.push(reason);
    process.on("unhandledRejection", hear);
    const controller = new AbortController();
    const failing = async (): Promise<void> => {
      await sleep(5);
      throw new Error("late");
    };
    const given = orGivenUp(controller.signal, failing());
    controller.abort(new Error("gone"));
    await assert.rejects(given, /gone/);
    await assert.rejects(orGivenUp(controller.signal, failing()), /gone/);
    await sleep(20);
    process.off("unhandledRejection", hear);
    assert.deepEqual(unheard, []);
  });
});
