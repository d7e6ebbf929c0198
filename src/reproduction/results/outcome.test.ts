import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { TrialRecord } from "../plan/trial.js";
import { syntheticResults } from "../testing/synthetic.js";
import { outcomeWords } from "./outcome.js";

const [made] = syntheticResults({ part: "printed", epochs: 3, images: 50 }).records;

const course = (accuracies: readonly number[], changes: Partial<TrialRecord> = {}): TrialRecord => ({
  ...made,
  outcome: "finished",
  history: accuracies.map((validationAccuracy, index) => ({
    ...made.history[0],
    epoch: index + 1,
    validationAccuracy,
    validationLoss: 2.3031,
    learningRate: 0.0106,
  })),
  ...changes,
});

describe("how a trial of the printed setting went", () => {
  it("is at chance up to one and a half times guessing", () => {
    const words = (...accuracies: readonly number[]) => outcomeWords(course(accuracies));
    assert.match(words(0.1, 0.15, 0.1), /^stayed at chance/);
    assert.match(words(0.1, 0.151, 0.16), /^trained:/);
    assert.match(words(0.1, 0.6, 0.15), /fell back/);
  });

  it("is told from its figures", () => {
    assert.equal(
      outcomeWords(course([0.1, 0.1])),
      "stayed at chance: after 2 epochs the validation loss is 2.303, that of guessing among 10 classes 2.303",
    );
    assert.equal(
      outcomeWords(course([0.5, 0.1])),
      "trained at first (50.00 % on the validation images after epoch 1) and fell back to chance (10.00 % at the end)",
    );
    assert.equal(
      outcomeWords(course([0.5, 0.7412])),
      "trained: 74.12 % on the validation images in the last epoch, at a rate of 0.011",
    );
    assert.equal(
      outcomeWords(course([0.5], { outcome: "diverged" })),
      "diverged in epoch 2 of 3, after 50.00 % on the validation images",
    );
    assert.equal(outcomeWords(course([], { outcome: "diverged" })), "diverged in epoch 1 of 3");
  });
});
