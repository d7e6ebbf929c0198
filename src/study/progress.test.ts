import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { progressOf, secondsAtOnce, type TrialStates } from "./progress.js";
import { type TinyTrial, tinyTrial } from "./testing/tiny-study.js";

const [done, begun, paused, failed, open] = [1, 2, 3, 4, 5].map((seed) => tinyTrial(0.01, seed));
const plan = {
  trials: [done, begun, { ...paused, until: 2 }, failed, open],
  undecided: [{ count: 2, like: { ...open, until: 1 } }],
};

const statesOf = (seconds?: number): TrialStates => ({
  stateOf: ({ id }) => {
    if (id === done.id || id === paused.id) return "done";
    return id === failed.id ? "failed" : id === begun.id ? "begun" : "open";
  },
  epochsDone: ({ id }) => ({ [done.id]: 1, [begun.id]: 2, [paused.id]: 2 })[id] ?? 0,
  secondsOf: () => seconds,
});

describe("the progress of a study", () => {
  it("counts the epochs that are asked for and not done, of those too that others decide", () => {
    const { trials, undecided, epochsLeft, secondsLeft } = progressOf<TinyTrial>(plan, statesOf());
    // A trial that diverged is done before its last epoch.
    assert.deepEqual(
      trials.map((trial) => trial.epochsLeft),
      [0, 1, 0, 0, 3],
    );
    assert.deepEqual([undecided[0].epochsLeft, epochsLeft, secondsLeft], [2, 6, undefined]);
  });

  it("knows the time left where that of an epoch is known", () => {
    assert.equal(progressOf<TinyTrial>(plan, statesOf(2)).secondsLeft, 12);
  });

  it("knows that nothing is left without it", () => {
    assert.equal(progressOf<TinyTrial>({ trials: [done], undecided: [] }, statesOf()).secondsLeft, 0);
  });

  it("is of so many trials at once, and never less than the longest takes", () => {
    const progress = progressOf<TinyTrial>(plan, statesOf(2));
    // 2 and 6 seconds, and two trials of 2.
    assert.deepEqual(
      [1, 2, 4].map((parallel) => secondsAtOnce(progress, parallel)),
      [12, 6, 6],
    );
    assert.equal(secondsAtOnce(progressOf<TinyTrial>(plan, statesOf()), 2), undefined);
    assert.equal(secondsAtOnce({ trials: [], undecided: [] }, 2), 0);
  });
});
