import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { UsageError } from "../../core/errors.js";
import type { ModelDefinition } from "../../core/models/index.js";
import { sgd } from "../../core/optimizers/index.js";
import { definedModel } from "../../run/run-model.js";
import { reproductionParts } from "./experiments.js";
import { checkSeeds, planTrials } from "./plan.js";
import { protocol } from "./protocol.js";
import type { PlanOptions } from "./trial-entry.js";

const options: PlanOptions = {
  part: "all",
  epochs: 50,
  seeds: [1, 2, 3],
  limit: null,
};

const idsOf = (changed: Partial<PlanOptions>): string[] =>
  planTrials({ ...options, ...changed }).trials.map(({ id }) => id);

describe("the plan of a reproduction", () => {
  it("has a whole Table 2 after the first seed of all models, and goes on with the next", () => {
    assert.deepEqual(
      planTrials({ ...options, part: "table2" }).trials.map(({ factors }) => [
        factors.seed,
        factors.model,
        factors.batchSize,
      ]),
      [1, 2, 3].flatMap((seed) =>
        ["proposed", "cnn", "lenet", "lstm", "bilstm"].map((model) => [seed, model, 128]),
      ),
    );
  });

  it("runs Table 2, the printed setting, Table 4, the schedules, the network without dropout, deeper ones, in this order", () => {
    const { trials, undecided } = planTrials(options);
    const order = trials.map(({ experiments }) => experiments[0]);
    assert.deepEqual([...new Set(order)], ["table2", "printed", "table4", "schedules", "dropout", "deeper"]);
    assert.deepEqual(order, [
      ...new Array(15).fill("table2"),
      ...new Array(2).fill("printed"),
      ...new Array(12).fill("table4"),
      ...new Array(21).fill("schedules"),
      ...new Array(3).fill("dropout"),
      ...new Array(6).fill("deeper"),
    ]);
    assert.equal(undecided.length, 7);
    assert.ok(undecided.every(({ count }) => count === 2));
  });

  it("gives every trial a name of its own, fit for a folder", () => {
    const ids = idsOf({});
    assert.equal(new Set(ids).size, ids.length);
    for (const id of ids) assert.match(id, /^[a-z0-9.-]+$/);
  });

  it("takes Table 2's trials for Table 3, the figures, and batch 128 of Table 4", () => {
    const table2 = idsOf({ part: "table2" });
    assert.deepEqual(idsOf({ part: "table3" }), table2);
    assert.deepEqual(
      idsOf({ part: "figures" }),
      table2.filter((id) => /-(proposed|cnn)-/.test(id)),
    );
    const shared = idsOf({ part: "table4" }).filter((id) => table2.includes(id));
    assert.deepEqual(
      shared,
      [1, 2, 3].map((seed) => `${protocol.name}-proposed-128-seed${seed}`),
    );
    assert.equal(idsOf({ part: "table4" }).length, 15);
  });

  it("plans a part's trials as the whole has them", () => {
    const whole = new Map(planTrials(options).trials.map((trial) => [trial.id, trial]));
    for (const part of reproductionParts) {
      const { trials } = planTrials({ ...options, part });
      assert.ok(trials.length > 0, part);
      for (const { id, factors } of trials) assert.deepEqual(factors, whole.get(id)?.factors);
    }
  });

  it("keeps the predictions of Table 2 alone", () => {
    for (const { experiments, keepsPredictions } of planTrials(options).trials) {
      assert.equal(keepsPredictions === true, experiments.includes("table2"));
    }
  });

  it("trains all models by one protocol, at the paper's split", () => {
    const { settings: own } = protocol;
    for (const { settings } of planTrials({ ...options, part: "table2" }).trials) {
      const { optimizer, schedule, labelSmoothing, augmentation } = settings;
      assert.deepEqual({ optimizer, schedule, labelSmoothing, augmentation }, own);
      assert.deepEqual([settings.epochs, settings.splitSeed, settings.limit], [50, 1, null]);
    }
  });

  it("runs the paper's printed setting as printed, with the first seed alone", () => {
    const { trials } = planTrials({ ...options, part: "printed", seeds: [7, 8] });
    assert.deepEqual(
      trials.map(({ id }) => id),
      ["printed-adam-seed7", "printed-sgd-seed7"],
    );
    for (const { settings } of trials) {
      assert.deepEqual(settings.schedule, {
        name: "dynamic",
        learningRate: 0.1,
        minLearningRate: 1e-8,
        maxLearningRate: 0.1,
        warmup: 0,
        decay: 5,
        rho: 0.1,
      });
      assert.equal(settings.labelSmoothing, 0);
      assert.equal(settings.augmentation, null);
      assert.deepEqual([settings.model, settings.batchSize, settings.seed], ["proposed", 128, 7]);
    }
    assert.deepEqual(trials[1].settings.optimizer, sgd());
  });

  it("trains Table 2's subject without dropout, nothing else changed", () => {
    const { trials: all } = planTrials({ ...options, part: "table2" });
    const withIt = all.filter(({ factors }) => factors.model === "proposed");
    const { trials } = planTrials({ ...options, part: "dropout" });
    assert.deepEqual(
      trials.map(({ id }) => id),
      [1, 2, 3].map((seed) => `${protocol.name}-without-dropout-seed${seed}`),
    );
    for (const [index, { settings, factors }] of trials.entries()) {
      const { model, ...others } = settings;
      assert.deepEqual({ ...others, model: "proposed" }, withIt[index].settings);
      assert.deepEqual({ ...factors, experiment: "model" }, withIt[index].factors);
      const { nodes } = definedModel(model as ModelDefinition).graph([28, 28, 1], 10);
      assert.ok(nodes.length > 5 && nodes.every(({ layer }) => layer.type !== "dropout"));
    }
  });

  it("takes batches of few images as they come", () => {
    const { trials } = planTrials({ ...options, part: "table4", seeds: [1], limit: 400 });
    assert.deepEqual(
      trials.map(({ settings }) => [settings.batchSize, settings.batchSizeAtMost]),
      [128, 32, 64, 256, 512].map((size) => [undefined, size]),
    );
  });

  const refused: [readonly number[], RegExp][] = [
    [[1, 2, 1], /The seeds are 1,2,1: 1 is there twice/],
    [[1.5], /The seeds are 1.5: expected whole numbers of 0 or more/],
    [[-1], /expected whole numbers/],
    [[], /The seeds are none/],
  ];
  for (const [seeds, message] of refused) {
    it(`refuses the seeds ${JSON.stringify(seeds)}`, () => {
      assert.throws(
        () => checkSeeds(seeds),
        (error) => error instanceof UsageError && message.test(error.message),
      );
    });
  }

  it("takes any whole numbers for seeds, 0 too", () => {
    checkSeeds([0, 5, 3]);
  });
});
