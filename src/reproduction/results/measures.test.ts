import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TrialRecord } from "../plan/trial.js";
import { syntheticResults } from "../testing/synthetic.js";
import { extent, isWhole, meanConfusion, measure, measures, reachesPaper, standing } from "./measures.js";
import type { TrialGroup } from "./results.js";
import { currentGroup } from "./results.js";

const whole = currentGroup(syntheticResults({ part: "table2", epochs: 4, images: 50 }), "cnn");
const [first] = whole.kept;

const trial = (changes: Partial<TrialRecord>): TrialRecord => ({ ...first, ...changes });
const group = (...kept: TrialRecord[]): TrialGroup => ({ ...whole, kept });
const accuracies = (...values: readonly number[]): TrialRecord =>
  trial({
    history: values.map((validationAccuracy, index) => ({
      ...first.history[0],
      epoch: index + 1,
      validationAccuracy,
    })),
    bestEpoch: values.indexOf(Math.max(...values)) + 1,
  });

describe("a trial's figures", () => {
  it("are of the epoch best by validation and of the last", () => {
    const record = accuracies(0.8, 0.93, 0.91);
    assert.equal(measures.validationAccuracy(record), 0.93);
    assert.equal(measures.lastValidationAccuracy(record), 0.91);
    assert.equal(measures.epochsTo90(record), 2);
    assert.equal(measures.epochsTo90(accuracies(0.8, 0.9)), 2, "90 % itself is enough");
    assert.equal(measures.epochsTo90(accuracies(0.8, 0.8999)), null);
  });

  it("have gaps against the training images, none where these were not judged", () => {
    const record = { ...accuracies(0.8, 0.93), train: { accuracy: 0.95, loss: 0.1 } };
    assert.ok(Math.abs(measures.validationGap(record)! - 0.02) < 1e-12);
    assert.ok(Math.abs(measures.testGap(record)! - (0.95 - record.test!.accuracy)) < 1e-12);
    assert.equal(measures.validationGap({ ...record, train: null }), null);
    assert.equal(measures.testGap({ ...record, test: null }), null);
  });

  it("leave out of a mean what a trial has not", () => {
    const spread = measure(
      group(accuracies(0.8, 0.91), accuracies(0.8), accuracies(0.9)),
      measures.epochsTo90,
    );
    assert.equal(spread?.mean, 1.5);
    assert.equal(measure(group(accuracies(0.1)), measures.epochsTo90), null);
    assert.equal(measure(group(trial({ test: null })), measures.testAccuracy), null);
  });
});

describe("what stands behind a figure", () => {
  it("says seeds and epochs, and what is missing", () => {
    assert.deepEqual([standing(whole), extent(whole)], ["3 seeds × 4 epochs", "3 × 4"]);
    assert.deepEqual(
      [standing(group(first, first)), extent(group(first, first))],
      ["2 of 3 seeds × 4 epochs", "2 of 3 × 4"],
    );
    assert.equal(standing(group()), "not run yet");
    const one = { ids: [first.id], kept: [first], epochs: [1] };
    assert.equal(standing(one), "1 seed × 1 epoch");
    assert.equal(extent({ ...whole, epochs: [2, 50] }), "3 × 2 to 50");
  });

  it("says who diverged", () => {
    const diverged = group(first, trial({ outcome: "diverged" }), first);
    assert.equal(standing(diverged), "3 seeds × 4 epochs, 1 of 3 diverged");
    assert.equal(extent(diverged), "3 × 4, 1 of 3 diverged");
    assert.deepEqual([whole, diverged, group(first), group()].map(isWhole), [true, false, false, false]);
  });
});

describe("the paper's accuracy", () => {
  it("is reached from its two places on", () => {
    const at = (mean: number) => reachesPaper({ mean, deviation: null, observations: [] }, "proposed");
    assert.deepEqual([0.9287, 0.92866, 0.92864].map(at), [true, true, false]);
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
