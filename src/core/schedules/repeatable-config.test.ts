import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createSchedule, type Schedule, scheduleNames } from "./index.js";
import { repeatableConfig } from "./repeatable-config.js";

describe("what a schedule can be made of again", () => {
  for (const name of scheduleNames) {
    it(`is its config: ${name}`, () => {
      const schedule = createSchedule({ name, learningRate: 0.01, warmup: 1 });
      assert.equal(repeatableConfig(schedule), schedule.config);
    });
  }

  const { config } = createSchedule("constant");
  const own: readonly [string, Schedule][] = [
    ["that has a name of its own", { config: { name: "mine" }, learningRate: () => 0.1 }],
    ["that has another's config", { config, learningRate: () => 0.1 }],
    ["that follows the validation", { ...createSchedule("constant"), followsValidation: true }],
  ];
  for (const [what, schedule] of own) {
    it(`is nothing of one of one's own ${what}`, () => assert.equal(repeatableConfig(schedule), undefined));
  }
});
