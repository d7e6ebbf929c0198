import { UsageError } from "../../core/errors.js";
import { modelNames } from "../../core/models/index.js";
import { createOptimizer } from "../../core/optimizers/index.js";
import { dynamicDecay } from "../../core/schedules/index.js";
import type { StudyPlan } from "../../study/study.js";
import { deeperModels, isPaperModel, type PaperModel, paperProtocol } from "../paper/paper.js";
import type { Experiment, ReproductionPart } from "./experiments.js";
import { protocol as ownProtocol, type Protocol } from "./protocol.js";
import { scheduleTrials, type TrialResults } from "./schedule-trials.js";
import type { TrialPlan } from "./trial.js";
import { type PlanOptions, paperBatch, type TrialEntry, trialOf } from "./trial-entry.js";

/** What a whole reproduction has, and a quick one, where nothing else is asked for. */
export const planLengths = {
  whole: { epochs: paperProtocol.epochs, seeds: [1, 2, 3] },
  quick: { epochs: 2, seeds: [1] },
} as const;

export type ReproductionPlan = StudyPlan<TrialPlan>;

const printedOptimizers = ["adam", "sgd"] as const;

/**
 * The trials of a reproduction, as far as those that are done decide them: no trial twice, each with the experiments
 * that read it. Seeds first: a whole table each.
 */
export function planTrials(options: PlanOptions, results: TrialResults = new Map()): ReproductionPlan {
  const { part, seeds, protocol = ownProtocol, subject = "proposed" } = options;
  const { models = modelNames.filter(isPaperModel), batchSizes = [32, 64, 128, 256, 512] } = options;
  const trial = trialOf(options);
  const eachSeed = (make: (seed: number) => TrialPlan[]): TrialPlan[] => seeds.flatMap(make);
  const byProtocol = (
    experiments: readonly Experiment[],
    seed: number,
    { model = subject, batchSize = paperBatch, ...own }: Partial<TrialEntry>,
  ): TrialPlan => {
    const name = `${protocol.name}-${model.toLowerCase()}-${batchSize}`;
    return trial({ name, experiments, experiment: "model", seed, model, batchSize, ...own });
  };
  const readBy = (model: PaperModel): readonly Experiment[] =>
    model === subject && batchSizes.includes(paperBatch) ? ["table2", "table4"] : ["table2"];
  const otherSizes = batchSizes.filter((size) => size !== paperBatch);
  const schedules = scheduleTrials(trial, { ...options, protocol }, results);
  const trials = [
    ...eachSeed((seed) =>
      models.map((model) => byProtocol(readBy(model), seed, { model, keepsPredictions: true })),
    ),
    ...printedOptimizers.map((name) =>
      trial({
        name: `printed-${name}`,
        experiments: ["printed"],
        experiment: "printed",
        seed: seeds[0],
        trained: asPrinted(name),
      }),
    ),
    ...eachSeed((seed) => otherSizes.map((batchSize) => byProtocol(["table4"], seed, { batchSize }))),
    ...schedules.trials,
    ...eachSeed((seed) => {
      const name = `${protocol.name}-without-dropout`;
      return [trial({ name, experiments: ["dropout"], experiment: "without-dropout", seed })];
    }),
    ...eachSeed((seed) => deeperModels.map((model) => byProtocol(["deeper"], seed, { model }))),
  ];
  const scheduled = part === "schedules" || part === "all";
  return {
    trials: trials.filter((each) => isWanted(each, part, subject)),
    undecided: scheduled ? schedules.undecided : [],
  };
}

/** The paper's own words: α₀ = 0.1 in [1e-8, 0.1], Adam; and SGD, which it doesn't name. Nothing that it doesn't say. */
const asPrinted = (optimizer: (typeof printedOptimizers)[number]): Protocol["settings"] => ({
  optimizer: createOptimizer(optimizer),
  schedule: dynamicDecay({ learningRate: 0.1, minLearningRate: 1e-8, maxLearningRate: 0.1 }).config,
  labelSmoothing: 0,
  augmentation: null,
});

function isWanted(trial: TrialPlan, part: ReproductionPart, subject: PaperModel): boolean {
  const { experiments, factors } = trial;
  switch (part) {
    case "all":
      return true;
    case "table3":
      return experiments.includes("table2");
    case "figures":
      return experiments.includes("table2") && ["cnn", subject].some((model) => model === factors.model);
    default:
      return experiments.includes(part);
  }
}

/** @throws UsageError on seeds that are no whole numbers of 0 or more, or repeat, or are none. */
export function checkSeeds(seeds: readonly number[]): void {
  const wrong = seeds.find((seed) => !Number.isSafeInteger(seed) || seed < 0);
  const repeated = seeds.find((seed, index) => seeds.indexOf(seed) !== index);
  if (seeds.length > 0 && wrong === undefined && repeated === undefined) return;
  const problem =
    repeated === undefined ? "" : `${repeated} is there twice, and a seed gives the same trial again; `;
  throw new UsageError(
    `The seeds are ${seeds.join(",") || "none"}: ${problem}expected whole numbers of 0 or more, each once, such as 1,2,3.`,
  );
}
