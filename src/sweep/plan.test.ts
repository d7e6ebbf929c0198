import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TrialFailure, TrialRecord } from "../study/trial.js";
import { fewerThanBudget, sweepPlan } from "./plan.js";
import { epochsOfHalving, rounds, withinEpochs } from "./rounds.js";
import { scoreOf } from "./score.js";
import { sweepSpec } from "./spec.js";
import { trialRecord } from "./testing/records.js";

const base = { model: "lenet", epochs: 9 };
const rates = { learningRate: [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9] };

const mapped = <Each extends { readonly id: string }>(list: readonly Each[]): Map<string, Each> =>
  new Map(list.map((each) => [each.id, each]));

const none = new Map<string, TrialFailure>();

describe("a budget of more trials than there are configurations", () => {
  it("is told of where they are drawn, and nowhere else", async () => {
    const told = async (kind: string, trials: number) =>
      fewerThanBudget(await sweepSpec({ kind, base, vary: rates, budget: { trials } }));
    assert.equal(await told("random", 9), undefined);
    assert.equal(await told("random", 10), 9);
    assert.equal(await told("halving", 20), 9);
    assert.equal(await told("grid", 20), undefined);
    assert.equal(fewerThanBudget(await sweepSpec({ kind: "grid", base, vary: rates })), undefined);
  });
});

describe("the plan of a grid", () => {
  it("has a trial a configuration and seed, each to its end", async () => {
    const spec = await sweepSpec({ kind: "grid", base, vary: { batchSize: [16, 32] }, seeds: [3, 1] });
    const { trials, undecided } = sweepPlan(spec)(new Map(), none);
    assert.deepEqual(
      trials.map(({ id, until, factors }) => [id, until, factors]),
      [
        ["001-seed3", 9, { configuration: "001", seed: 3, batchSize: 16 }],
        ["001-seed1", 9, { configuration: "001", seed: 1, batchSize: 16 }],
        ["002-seed3", 9, { configuration: "002", seed: 3, batchSize: 32 }],
        ["002-seed1", 9, { configuration: "002", seed: 1, batchSize: 32 }],
      ],
    );
    assert.equal(trials[1].settings.seed, 1);
    assert.deepEqual(undecided, []);
  });

  it("keeps to its budget of trials and of epochs", async () => {
    const ids = async (budget: object, more: object = {}): Promise<string[]> => {
      const spec = await sweepSpec({ kind: "grid", base, vary: rates, budget, ...more });
      return sweepPlan(spec)(new Map(), none).trials.map(({ id }) => id);
    };
    assert.deepEqual(await ids({ trials: 2 }), ["001-seed1", "002-seed1"]);
    assert.deepEqual(await ids({ epochs: 26 }), ["001-seed1", "002-seed1"]);
    assert.deepEqual(await ids({ epochs: 26 }, { seeds: [1, 2] }), ["001-seed1", "001-seed2"]);
    const lengths = await ids({ epochs: 10 }, { vary: { epochs: [3, 4, 5, 6] } });
    assert.deepEqual(lengths, ["001-seed1", "002-seed1"]);
  });
});

describe("the plan of halving", () => {
  const halved = (more: object = {}) =>
    sweepSpec({ kind: "halving", base, vary: rates, halving: { from: 1, factor: 3 }, ...more });

  /** A trial whose validation accuracy is the number of its configuration, up to an epoch. */
  const paused = (name: number, epochs: number, accuracy = name / 10): TrialRecord =>
    trialRecord(`00${name}-seed1`, new Array(epochs).fill(accuracy), "paused");

  it("begins with one short round, and knows how much more is to come", async () => {
    const { trials, undecided } = sweepPlan(await halved())(new Map(), none);
    assert.deepEqual(new Set(trials.map(({ until }) => until)), new Set([1]));
    assert.equal(trials.length, 9);
    assert.deepEqual(
      undecided.map(({ count, like, epochs }) => [count, like.until, epochs]),
      [
        [3, 3, 2],
        [1, 9, 6],
      ],
    );
  });

  it("gives the best more, and waits for the last of a round", async () => {
    const plan = sweepPlan(await halved());
    const first = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((name) => paused(name, 1));
    const eight = plan(mapped(first.slice(1)), none);
    assert.ok(eight.trials.every(({ until }) => until === 1));
    const longer = ({ trials }: ReturnType<typeof plan>): (string | number)[] =>
      trials.flatMap(({ id, until = 0 }) => (until > 1 ? [id, until] : []));
    const second = plan(mapped(first), none);
    assert.deepEqual(longer(second), ["007-seed1", 3, "008-seed1", 3, "009-seed1", 3]);
    assert.deepEqual(
      second.undecided.map(({ count }) => count),
      [1],
    );
    const third = plan(mapped([...first, paused(7, 3, 0.95), paused(8, 3), paused(9, 3)]), none);
    assert.deepEqual(longer(third), ["007-seed1", 9, "008-seed1", 3, "009-seed1", 3]);
    assert.deepEqual(third.undecided, []);
  });

  it("judges each round by its own epochs, whatever came behind them", async () => {
    const plan = sweepPlan(await halved());
    const records = [1, 2, 3, 4, 5, 6, 7, 8].map((name) => paused(name, 1));
    const late = trialRecord("009-seed1", [0.01, 0.99, 0.99], "paused");
    const { trials } = plan(mapped([...records, late]), none);
    assert.equal(trials[8].until, 1);
  });

  it("takes the earlier of two that are as good", async () => {
    const plan = sweepPlan(await halved());
    const records = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((name) => paused(name, 1, 0.5));
    const { trials } = plan(mapped(records), none);
    assert.deepEqual(
      trials.slice(0, 4).map(({ until }) => until),
      [3, 3, 3, 1],
    );
  });

  it("goes on without those that failed or diverged", async () => {
    const plan = sweepPlan(await halved());
    const records = [1, 2, 3, 4, 5, 6, 7].map((name) => paused(name, 1));
    const diverged = trialRecord("009-seed1", [0.99], "diverged");
    const failures = mapped([{ id: "008-seed1", factors: {}, message: "no" }]);
    const { trials } = plan(mapped([...records, diverged]), failures);
    assert.deepEqual(
      trials.filter(({ until = 0 }) => until > 1).map(({ id }) => id),
      ["005-seed1", "006-seed1", "007-seed1"],
    );
    const all = mapped(trials.map(({ id }) => ({ id, factors: {}, message: "no" })));
    assert.ok(plan(new Map(), all).trials.every(({ until }) => until === 1));
  });

  it("takes the figure of the epoch whose weights are kept", async () => {
    const record = trialRecord("001-seed1", [0.5, 0.9, 0.8], "finished");
    const history = record.history.map((epoch, index) => ({
      ...epoch,
      validationLoss: [0.3, 0.8, 0.5][index],
    }));
    const scored = (monitor: "validationLoss" | "validationAccuracy", optimize = monitor) =>
      scoreOf(
        [{ ...record, history, config: { ...record.config, earlyStopping: { monitor } } as never }],
        optimize,
      );
    assert.equal(scored("validationAccuracy"), 0.9);
    assert.equal(scored("validationLoss"), -0.3);
    assert.equal(scored("validationAccuracy", "validationLoss"), -0.8);
    assert.equal(scored("validationLoss", "validationAccuracy"), 0.5);
  });

  it("takes the mean of several seeds, and the least loss where that is asked for", async () => {
    const seeds = [1, 2];
    const vary = { learningRate: [0.1, 0.2] };
    const spec = await halved({ vary, seeds, halving: { from: 3, factor: 2 }, optimize: "validationLoss" });
    const record = (id: string, accuracy: number): TrialRecord =>
      trialRecord(id, [accuracy, accuracy, accuracy], "paused");
    const records = [
      record("001-seed1", 0.9),
      record("001-seed2", 0.1),
      record("002-seed1", 0.6),
      record("002-seed2", 0.6),
    ];
    const { trials } = sweepPlan(spec)(mapped(records), none);
    assert.deepEqual(
      trials.map(({ id, until }) => [id, until]),
      [
        ["001-seed1", 3],
        ["001-seed2", 3],
        ["002-seed1", 6],
        ["002-seed2", 6],
      ],
    );
  });

  it("takes as many configurations as its epochs suffice for", async () => {
    assert.deepEqual(rounds({ from: 1, factor: 3, most: 20 }), [1, 3, 9, 20]);
    assert.deepEqual(rounds({ from: 9, factor: 3, most: 9 }), [9]);
    const how = { from: 1, factor: 3, most: 9 };
    // Nine for one, three for two more, one for six more.
    assert.equal(epochsOfHalving(9, how), 9 + 3 * 2 + 6);
    assert.equal(withinEpochs(21, how, 100), 9);
    assert.equal(withinEpochs(20, how, 100), 8);
    const spec = await halved({ budget: { epochs: 21 } });
    assert.equal(sweepPlan(spec)(new Map(), none).trials.length, 9);
  });
});
