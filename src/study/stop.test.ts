import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isStop } from "../run/host.js";
import { Stop } from "./stop.js";

describe("a stop", () => {
  it("gives the reason of the signal that it listens to", () => {
    const controller = new AbortController();
    const stop = new Stop(controller.signal);
    const reason = new Error("enough");
    controller.abort(reason);
    assert.equal(stop.reason, reason);
  });

  it("without one has one of its own, by which whoever throws it is known", () => {
    const stop = new Stop();
    const inner = new Stop(stop);
    // As those do it that know nothing but an AbortSignal.
    const controller = new AbortController();
    inner.addEventListener("abort", () => controller.abort(inner.reason));
    stop.stop();
    assert.throws(
      () => controller.signal.throwIfAborted(),
      (error) => isStop(error, stop) && isStop(error, inner),
    );
  });
});
