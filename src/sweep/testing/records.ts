import type { TrialRecord } from "../../study/trial.js";

/** A trial's record with these validation accuracies, a second an epoch; its loss is what is missing of them. */
export function trialRecord(
  id: string,
  accuracies: readonly number[],
  outcome: TrialRecord["outcome"],
  factors: TrialRecord["factors"] = {},
): TrialRecord {
  const history = accuracies.map((accuracy, index) => ({
    epoch: index + 1,
    trainLoss: 1 - accuracy,
    trainAccuracy: accuracy,
    validationLoss: 1 - accuracy,
    validationAccuracy: accuracy,
    learningRate: 0.001,
    seconds: 1,
  }));
  const bestEpoch = accuracies.indexOf(Math.max(...accuracies)) + 1;
  const record = { id, factors, outcome, config: {}, history, bestEpoch, test: null, train: null };
  return record as unknown as TrialRecord;
}
