import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isIdle } from "./idle.js";

describe("a training's machine", () => {
  const alone = { load: 0.1, loadAtEnd: 2.1, threads: 2, isWhole: true };

  it("was its own where nothing else ran at either end and it didn't go on", () => {
    assert.ok(isIdle(alone));
    assert.ok(!isIdle({ ...alone, load: 0.6 }));
    assert.ok(!isIdle({ ...alone, loadAtEnd: 2.8 }));
    assert.ok(!isIdle({ ...alone, isWhole: false }));
  });
});
