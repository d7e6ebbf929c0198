import assert from "node:assert/strict";
import { describe, it, mock } from "node:test";
import { interruptible } from "./interruption.js";

const quiet = { tell: () => undefined, whereItStands: () => "Kept." };

describe("a signal", () => {
  for (const [signal, exitCode] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
  ] as const) {
    it(`${signal} aborts the work once, then leaves at once`, async () => {
      const exit = mock.method(process, "exit", () => undefined as never);
      const told: string[] = [];
      try {
        const stopped = interruptible({
          work: async (abort) => {
            process.emit(signal, signal);
            assert.equal(abort.aborted, true);
            assert.equal(exit.mock.callCount(), 0);
            process.emit(signal, signal);
            return "half";
          },
          tell: (line) => told.push(line),
          whereItStands: (result) => `${result} is kept.`,
        });
        await assert.rejects(stopped, { name: "InterruptedError", message: "half is kept.", exitCode });
        assert.equal(told.length, 1);
        assert.match(told[0], /^Stopping as soon as all is kept; .* to leave at once\.$/);
        assert.deepEqual(
          exit.mock.calls.map((call) => call.arguments[0]),
          [exitCode],
        );
      } finally {
        exit.mock.restore();
      }
      assert.equal(process.listenerCount(signal), 0);
    });
  }

  it("changes nothing where the work came to its end all the same", async () => {
    const work = async (): Promise<string> => {
      process.emit("SIGTERM", "SIGTERM");
      return "whole";
    };
    assert.equal(await interruptible({ work, ...quiet, whereItStands: () => undefined }), "whole");
  });

  it("turns work that it cuts off into an interruption", async () => {
    const work = async (signal: AbortSignal): Promise<void> => {
      process.emit("SIGINT", "SIGINT");
      signal.throwIfAborted();
    };
    await assert.rejects(interruptible({ work, ...quiet }), { message: "Kept.", exitCode: 130 });
  });

  it("leaves other failures as they are", async () => {
    const failure = new Error("disk");
    const work = async (): Promise<void> => {
      process.emit("SIGINT", "SIGINT");
      throw failure;
    };
    await assert.rejects(interruptible({ work, ...quiet }), failure);
  });
});
