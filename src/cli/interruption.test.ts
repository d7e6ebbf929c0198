import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { interruptible } from "./interruption.js";

describe("Ctrl-C", () => {
  it("aborts the work once, then leaves at once", async () => {
    const exit = mock.method(process, "exit", () => undefined as never);
    let asked = 0;
    try {
      const result = await interruptible(
        async (signal) => {
          assert.equal(signal.aborted, false);
          process.emit("SIGINT", "SIGINT");
          assert.equal(signal.aborted, true);
          assert.equal(exit.mock.callCount(), 0);
          process.emit("SIGINT", "SIGINT");
          return "kept";
        },
        () => asked++,
      );
      assert.equal(result, "kept");
      assert.equal(asked, 1);
      assert.deepEqual(
        exit.mock.calls.map((call) => call.arguments[0]),
        [130],
      );
    } finally {
      exit.mock.restore();
    }
    assert.equal(process.listenerCount("SIGINT"), 0);
  });

  it("turns work cut off by the signal into an interruption", async () => {
    const work = interruptible(
      async (signal) => {
        process.emit("SIGINT", "SIGINT");
        signal.throwIfAborted();
      },
      () => undefined,
    );
    await assert.rejects(work, { name: "Interruption", exitCode: 130 });
  });

  it("leaves other failures as they are", async () => {
    const failure = new Error("disk");
    const work = interruptible(
      async () => {
        throw failure;
      },
      () => undefined,
    );
    await assert.rejects(work, failure);
  });
});
