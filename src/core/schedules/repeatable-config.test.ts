import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { constant, createSchedule, type Schedule, scheduleNames } from "./index.js";
import { repeatableConfig } from "./repeatable-config.js";

describe("what a schedule can be made of again", () => {
  for (const name of scheduleNames) {
    it(`is its config: ${name}`, () => {
      const schedule = createSchedule({ name, learningRate: 0.01, warmup: 1 });
      assert.equal(repeatableConfig(schedule), schedule.config);
    });
  }

  it("is a copy of its config, of a copy of it", () => {
    const schedule = constant({ learningRate: 0.001 });
    const copy = structuredClone(schedule.config);
    assert.equal(repeatableConfig({ ...schedule, config: copy }), copy);
  });

  const { config } = createSchedule("constant");
  const late: Schedule["learningRate"] = ({ step }) => (step < 105 ? 0.001 : 0.5);
  const changed = constant({ learningRate: 0.001 });
  Object.assign(changed.config, { learningRate: 0.5 });
  const own: readonly [string, Schedule][] = [
    ["that has a name of its own", { config: { name: "mine" }, learningRate: () => 0.1 }],
    ["that has another's config", { config, learningRate: () => 0.1 }],
    ["that has other rates late", { ...constant({ learningRate: 0.001 }), learningRate: late }],
    [
      "that has one of the library's rates and another config",
      { ...constant({ learningRate: 0.2 }), config },
    ],
    ["whose config was changed", changed],
    ["that follows the validation", { ...createSchedule("constant"), followsValidation: true }],
  ];
  for (const [what, schedule] of own) {
    it(`is nothing of one of one's own ${what}`, () => assert.equal(repeatableConfig(schedule), undefined));
  }
});
