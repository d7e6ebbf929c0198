import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LoopWatch } from "./turns.js";

describe("short works one after the other", () => {
  it("have their turns on a platform that gives no promise of one", async () => {
    let asked = 0;
    const turn = (): number => {
      asked++;
      return asked;
    };
    const watch = new LoopWatch({ now: () => 0, yield: turn as unknown as () => Promise<void> });
    for (const expected of [1, 2]) {
      await watch.pass();
      await new Promise(setImmediate);
      assert.equal(asked, expected);
    }
  });
});
