import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { timeCalls } from "./calls.js";
import { createPredictCalls } from "./predict-rows.js";

/** A ceiling and a workload that note what ran; the n-th call takes n milliseconds by its own word. */
function noted({ breaksAt = Number.POSITIVE_INFINITY } = {}) {
  const ran: string[] = [];
  let calls = 0;
  return {
    ran,
    ceiling: { run: () => void ran.push("ceiling"), close: () => Promise.resolve() },
    workload: {
      timeCall: () => {
        ran.push("call");
        calls++;
        return calls === breaksAt ? Promise.reject(new Error("It broke.")) : Promise.resolve(calls);
      },
      close: () => {
        ran.push("close");
        return Promise.resolve();
      },
    },
  };
}

describe("calls", () => {
  it("are kept one by one, but for the warm ones and the first after the ceiling", async () => {
    const { ran, ceiling, workload } = noted();
    const { times, ceilingTimes } = await timeCalls(workload, 2, ceiling);
    const from = (first: number) => Array.from({ length: 20 }, (_, index) => first + index);
    assert.deepEqual(times, [...from(32), ...from(53)]);
    assert.equal(ceilingTimes.length, 2);
    assert.equal(ran.at(-1), "close");
    const groups = ran
      .join(" ")
      .split(/(?:ceiling ?)+/)
      .map((part) => part.trim().split(" ").length);
    assert.deepEqual(groups, [30, 21, 21, 1]);
  });

  it("close what they work on where one fails", async () => {
    const { ran, ceiling, workload } = noted({ breaksAt: 40 });
    await assert.rejects(timeCalls(workload, 2, ceiling), /It broke\./);
    assert.equal(ran.at(-1), "close");
  });

  for (const kind of ["predict", "predict-after-step"] as const)
    it(`of the library: ${kind}, again and again, over more than an epoch`, async () => {
      const calls = await createPredictCalls({ kind, model: "lenet", images: 2 }, 1);
      try {
        for (let call = 0; call < 40; call++) assert.ok((await calls.timeCall()) > 0);
      } finally {
        await calls.close();
      }
    });
});
