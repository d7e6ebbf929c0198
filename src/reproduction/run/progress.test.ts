import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { planTrials } from "../plan/plan.js";
import type { TrialRecord } from "../plan/trial.js";
import { tinyPlan } from "../testing/tiny.js";
import { progressOf } from "./progress.js";
import { EpochSpeeds } from "./speed.js";

const plan = planTrials({ ...tinyPlan, part: "all", data: "data", epochs: 10, seeds: [1, 2], limit: null });
const speeds = (): EpochSpeeds => new EpochSpeeds({ imageShape: [12, 12, 1], classes: 4, trainImages: 128 });

describe("the progress of a reproduction", () => {
  it("counts the epochs of every trial, and of those that others decide", () => {
    const { trials, undecided, epochsLeft, secondsLeft } = progressOf(plan, new Map(), new Map(), speeds());
    // Tables 2 and 4, the printed setting, no dropout; 21 trials of three epochs; a second seed for seven schedules.
    assert.equal(epochsLeft, (4 + 2 + 2 + 2) * 10 + 21 * 3 + 7 * 3);
    assert.ok(trials.every(({ state, secondsLeft: each }) => state === "open" && each === undefined));
    assert.deepEqual(
      undecided.map(({ experiment, count, epochsLeft: left }) => [experiment, count, left]),
      new Array(7).fill(["schedules", 1, 3]),
    );
    assert.equal(secondsLeft, undefined);
  });

  it("takes off what is done, all of a trial that diverged", () => {
    const [first, second] = plan.trials;
    const diverged = { id: first.id, history: [] } as unknown as TrialRecord;
    const done = progressOf(plan, new Map([[first.id, diverged]]), new Map([[second.id, 4]]), speeds());
    const [one, two, three] = done.trials;
    assert.deepEqual([one.state, one.epochsLeft, one.secondsLeft], ["done", 0, 0]);
    assert.deepEqual([two.state, two.epochsDone, two.epochsLeft], ["begun", 4, 6]);
    assert.equal(three.state, "open");
  });

  it("knows the time left as soon as one epoch was measured", () => {
    const measured = speeds();
    measured.add({ model: "cnn", batchSize: 128 }, 2);
    const { trials, secondsLeft } = progressOf(plan, new Map(), new Map(), measured);
    const cnn = trials.find(({ plan: trial }) => trial.id === "tiny-cnn-128-seed1");
    assert.equal(cnn?.secondsLeft, 20);
    assert.ok(trials.every(({ secondsLeft: each }) => each !== undefined && each > 0));
    const sum = trials.reduce((total, each) => total + (each.secondsLeft ?? 0), 0);
    assert.ok(secondsLeft !== undefined && Math.abs(secondsLeft - sum - 7 * 3 * 2) < 1e-9);
  });
});
