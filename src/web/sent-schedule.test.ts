import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createSchedule, scheduleNames } from "../core/schedules/index.js";
import { sentSchedule } from "./sent-schedule.js";

describe("a schedule on its way to a worker", () => {
  for (const name of scheduleNames) {
    it(`is its config: ${name}`, () => {
      const schedule = createSchedule({ name, learningRate: 0.01, warmup: 1 });
      assert.deepEqual(structuredClone(sentSchedule(schedule)), schedule.config);
    });
  }

  it("is refused where its config gives other rates, or none", () => {
    const { config, learningRate } = createSchedule({ name: "cosine" });
    const message = /which can't be sent to a worker: .* has other learning rates by itself/;
    const halved = { config, learningRate: (position: never) => learningRate(position) / 2 };
    assert.throws(() => sentSchedule(halved), { name: "UsageError", message });
    const another = { ...createSchedule("constant"), followsValidation: true } as const;
    assert.throws(() => sentSchedule(another), { name: "UsageError", message });
    const unknown = { config: { name: "mine" }, learningRate: () => 0.1 };
    assert.throws(() => sentSchedule(unknown), { name: "UsageError", message });
  });
});
