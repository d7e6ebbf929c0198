import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { planTrials } from "../../reproduction/plan/plan.js";
import { progressOf } from "../../study/progress.js";
import { planLine, planTable, trialTable } from "./reproduction-plan.js";

const plan = planTrials({ part: "all", epochs: 50, seeds: [1, 2, 3], limit: null });
const [first] = plan.trials;
const progress = progressOf(plan, {
  stateOf: ({ id }) => (id === first.id ? "begun" : "open"),
  epochsDone: ({ id }) => (id === first.id ? 12 : 0),
  secondsOf: () => 10,
});

describe("the plan of a reproduction on a terminal", () => {
  it("is a line that counts trials to be decided too", () => {
    assert.match(
      planLine(progress),
      /^73 trials: 0 done, 1 begun, 72 open; 2,413 epochs left, about \d h \d+ min$/,
    );
  });

  it("is a line an experiment", () => {
    const lines = planTable(progress).split("\n");
    assert.deepEqual(
      lines.map((line) => /^ {2}(\w+) +(\d+) trials: .*; ([\d,]+) epochs left/.exec(line)?.slice(1)),
      [
        ["table2", "15", "738"],
        ["printed", "2", "100"],
        ["table4", "12", "600"],
        ["schedules", "35", "525"],
        ["dropout", "3", "150"],
        ["deeper", "6", "300"],
      ],
    );
  });

  it("is a table of trials", () => {
    const lines = trialTable(progress).split("\n");
    assert.match(lines[0], /^For +Trial +State +Epochs left +Time left$/);
    assert.match(lines[1], new RegExp(`^table2, table4 +${first.id} +epoch 12 of 50 +38 +about 6 min$`));
    assert.match(
      lines.at(-1) ?? "",
      /^schedules +one-cycle: 2 more at its best start rate +open +30 +about 5 min$/,
    );
    assert.equal(lines.length, 1 + 59 + 7);
  });
});
