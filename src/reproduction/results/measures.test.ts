import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TrialRecord } from "../plan/trial.js";
import { syntheticResults } from "../testing/synthetic.js";
import { modelGroup, type TrialGroup } from "./groups.js";
import {
  classMeasure,
  meanAndDeviation,
  meanInWords,
  measure,
  measures,
  signedWords,
  standsTo,
} from "./measures.js";
import { differenceOf } from "./spread.js";

const whole = modelGroup(syntheticResults({ part: "table2", epochs: 4, images: 50 }), "cnn");
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
    assert.equal(measures.validationAccuracy.read(record), 0.93);
    assert.equal(measures.lastValidationAccuracy.read(record), 0.91);
    assert.equal(measures.epochsTo90.read(record), 2);
    assert.equal(measures.epochsTo90.read(accuracies(0.8, 0.9)), 2, "90 % itself is enough");
    assert.equal(measures.epochsTo90.read(accuracies(0.8, 0.8999)), null);
  });

  it("have gaps against the training images, none where these were not judged", () => {
    const record = { ...accuracies(0.8, 0.93), train: { accuracy: 0.95, loss: 0.1 } };
    assert.ok(Math.abs(measures.validationGap.read(record)! - 0.02) < 1e-12);
    assert.ok(Math.abs(measures.testGap.read(record)! - (0.95 - record.test!.accuracy)) < 1e-12);
    assert.equal(measures.validationGap.read({ ...record, train: null }), null);
    assert.equal(measures.testGap.read({ ...record, test: null }), null);
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

describe("how a figure is written", () => {
  const spread = { mean: 0.92345, deviation: 0.0012, observations: [] };

  it("has its places and its unit, and no deviation where there is none", () => {
    assert.equal(meanInWords(measures.testAccuracy, spread), "92.34 ± 0.12 %");
    assert.equal(meanAndDeviation(measures.testLoss, { ...spread, deviation: null }), "0.923");
    assert.equal(meanInWords(measures.epochsTo90, { ...spread, mean: 4, deviation: 1 }), "4.0 ± 1.0 epochs");
    assert.equal(meanAndDeviation(classMeasure(3, "auc"), spread), "0.9234 ± 0.0012");
  });

  it("has differences with their sign, those of percents in points", () => {
    assert.equal(signedWords(measures.testAccuracy, -0.0123), "−1.23 points");
    assert.equal(signedWords(measures.epochsTo90, 1.5), "+1.5 epochs");
  });

  it("says which side a mean is on in the measure's own words", () => {
    const later = differenceOf({ ...spread, mean: 5, deviation: 1 }, { ...spread, mean: 1, deviation: 1 });
    assert.equal(
      standsTo(measures.epochsTo90, later, "it"),
      "clearly later than it (+4.0 epochs, 4.0 standard deviations)",
    );
    assert.match(standsTo(measures.testAccuracy, later, "it"), /^clearly above it/);
  });
});
