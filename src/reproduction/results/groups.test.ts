import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TrialRecord } from "../plan/trial.js";
import { madeUpProtocol, syntheticResults } from "../testing/synthetic.js";
import {
  extent,
  meanConfusion,
  modelGroup,
  printedGroups,
  scheduleOutcomes,
  soFar,
  standing,
  type TrialGroup,
} from "./groups.js";

const small = { epochs: 4, images: 50 };

describe("which trials make up a table", () => {
  it("puts trials that differ in their seed alone together, by seed", () => {
    const group = modelGroup(syntheticResults({ ...small, part: "table2" }), "lenet");
    const { name } = madeUpProtocol;
    const ids = [1, 2, 3].map((seed) => `${name}-lenet-128-seed${seed}`);
    assert.deepEqual(group.ids, ids);
    assert.deepEqual(
      group.kept.map(({ id }) => id),
      ids,
    );
  });

  it("knows what is planned and not kept, and what is kept and not planned", () => {
    const results = syntheticResults({ ...small, part: "table2", kept: (id) => id.endsWith("seed2") });
    assert.deepEqual([modelGroup(results, "cnn").ids.length, modelGroup(results, "cnn").kept.length], [3, 1]);
    const unplanned = modelGroup({ ...results, planned: [] }, "cnn");
    assert.deepEqual([unplanned.ids.length, unplanned.kept.length], [1, 1]);
    assert.deepEqual(modelGroup(results, "cnn", 31), { title: "CNN", ids: [], kept: [] });
  });

  it("finds the printed setting by optimizer, and every schedule", () => {
    const results = syntheticResults(small);
    assert.deepEqual(
      printedGroups(results).map(({ title, kept }) => [title, kept.length]),
      [
        ["Adam", 1],
        ["SGD", 1],
      ],
    );
    assert.deepEqual(
      scheduleOutcomes(results).map(({ schedule }) => schedule),
      ["constant", "step", "inverse-time", "natural-exponential", "dynamic", "cosine", "one-cycle"],
    );
  });
});

const scheduled = syntheticResults({ part: "schedules", epochs: 20, images: 50 });

describe("the best start rate", () => {
  it("is that of the best validation accuracy by the seed that tried all", () => {
    for (const { tried, chosen, group } of scheduleOutcomes(scheduled)) {
      const best = tried.reduce((a, b) => {
        const of = ({ record }: typeof a) => record!.history[record!.bestEpoch - 1].validationAccuracy;
        return of(b) > of(a) ? b : a;
      });
      assert.equal(chosen, best.learningRate);
      assert.equal(group.kept.length, 3, "it is the one that the plan went on with");
    }
  });

  it("is chosen by a seed that tried every rate where an earlier one, planned or begun, did not", () => {
    const tried = syntheticResults({ part: "schedules", epochs: 20, images: 50, seeds: [3, 1, 2] });
    const earlier = scheduled.planned.filter(({ factors }) => factors.seed === 1);
    const results = { ...tried, planned: [...earlier, ...tried.planned] };
    for (const { tried: rates, chosen, group } of scheduleOutcomes(results)) {
      assert.ok(rates.every(({ record }) => record?.config.seed === 3));
      assert.ok(chosen !== null);
      assert.deepEqual(
        group.kept.map(({ config }) => config.seed),
        [1, 2, 3],
      );
    }
  });

  it("is not chosen until every rate is tried", () => {
    const missing = scheduled.records.find(({ id }) => id.includes("-schedule-cosine-"))!;
    const records = scheduled.records.filter(({ id }) => id !== missing.id);
    const cosine = scheduleOutcomes({ ...scheduled, records }).find(({ schedule }) => schedule === "cosine")!;
    assert.equal(cosine.chosen, null);
    assert.deepEqual(cosine.group.kept, []);
    assert.equal(cosine.tried.filter(({ record }) => record).length, cosine.tried.length - 1);
  });

  it("passes over one that diverged at once", () => {
    const records = scheduled.records.map((record) =>
      record.id.includes("-schedule-step-0.006-")
        ? { ...record, outcome: "diverged" as const, history: [], bestEpoch: 0, test: null, train: null }
        : record,
    );
    const step = scheduleOutcomes({ ...scheduled, records }).find(({ schedule }) => schedule === "step")!;
    assert.notEqual(step.chosen, 0.006);
  });
});

const whole = modelGroup(syntheticResults({ part: "table2", epochs: 4, images: 50 }), "cnn");
const [first] = whole.kept;

const trial = (changes: Partial<TrialRecord>): TrialRecord => ({ ...first, ...changes });
const group = (...kept: TrialRecord[]): TrialGroup => ({ ...whole, kept });

describe("what stands behind a figure", () => {
  it("says seeds and epochs, and what is missing", () => {
    assert.deepEqual([standing(whole), extent(whole)], ["3 seeds × 4 epochs", "3 × 4"]);
    assert.deepEqual(
      [standing(group(first, first)), extent(group(first, first))],
      ["2 of 3 seeds × 4 epochs", "2 of 3 × 4"],
    );
    assert.equal(standing(group()), "not run yet");
    const one = { title: "", ids: [first.id], kept: [{ ...first, history: first.history.slice(0, 1) }] };
    assert.equal(standing(one), "1 seed × 1 epoch");
    const short = trial({ history: first.history.slice(0, 2) });
    assert.equal(extent(group(first, short, first)), "3 × 2 to 4");
  });

  it("says who diverged", () => {
    const diverged = group(first, trial({ outcome: "diverged" }), first);
    assert.equal(standing(diverged), "3 seeds × 4 epochs, 1 of 3 diverged");
    assert.equal(extent(diverged), "3 × 4, 1 of 3 diverged");
    assert.deepEqual(
      [whole, diverged, group(first)].map((each) => soFar([each])),
      ["", " (so far 3 seeds × 4 epochs, 1 of 3 diverged)", " (so far 1 of 3 seeds × 4 epochs)"],
    );
  });
});

describe("the mean confusion matrix", () => {
  const judged = (confusion: number[][]) => trial({ test: { ...first.test!, confusion } });

  it("averages counts, and leaves out trials that were not judged", () => {
    const matrices = group(
      judged([
        [2, 0],
        [1, 1],
      ]),
      judged([
        [1, 1],
        [0, 2],
      ]),
      trial({ test: null }),
    );
    assert.deepEqual(meanConfusion(matrices), [
      [1.5, 0.5],
      [0.5, 1.5],
    ]);
    assert.equal(meanConfusion(group(trial({ test: null }))), null);
  });
});
