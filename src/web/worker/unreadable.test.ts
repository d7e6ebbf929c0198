import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { tellOfUnreadable } from "./unreadable.js";

describe("a message that can't be read", () => {
  it("is thrown of once the event is over", () => {
    const worker = new EventTarget();
    const told: (() => never)[] = [];
    tellOfUnreadable(worker, (tell) => told.push(tell));
    worker.dispatchEvent(new Event("message"));
    assert.equal(told.length, 0);
    worker.dispatchEvent(new Event("messageerror"));
    assert.equal(told.length, 1);
    assert.throws(told[0], { message: /^a message could not be read/ });
  });
});
