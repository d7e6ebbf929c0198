import type { Dataset } from "../../core/index.js";
import type { RunSettings } from "../../run/index.js";
import { caseData, caseFit, caseGraph, caseOptions } from "./training-case.js";

/** The case's images as a run's: judged on what it was trained on. */
export function runDataset(): Dataset {
  const { train, ...names } = caseData();
  const set = { ...train, count: train.labels.length };
  return { name: "bars", classNames: names.classNames!, imageShape: [12, 12, 1], train: set, test: set };
}

/** What is trained as a run in Node and in a browser: by powers, exponentials, logarithms, sines and cosines, too. */
export const runSettings = (): Omit<RunSettings, "data"> => {
  const { batchSize } = caseFit;
  const augmentation = `${caseFit.augmentation},mixup=0.2`;
  return {
    model: caseGraph(),
    seed: caseOptions.seed,
    epochs: 2,
    batchSize,
    schedule: "exponential",
    augmentation,
  };
};
