import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { browserPlatform } from "./platform.js";

describe("a browser's platform", () => {
  it("says on a page's own thread that models with threads live in workers", (test) => {
    Object.assign(globalThis, { document: {} });
    test.after(() => Reflect.deleteProperty(globalThis, "document"));
    assert.throws(() => browserPlatform.startWorker(), {
      name: "UsageError",
      message: /^A page's own thread may not wait for other threads.*startModel and openModel.*new Worker\(/,
    });
  });
});
