import { UsageError } from "../../core/errors.js";
import { modelNames } from "../../core/models/index.js";
import { createOptimizer } from "../../core/optimizers/index.js";
import { dynamicDecay } from "../../core/schedules/index.js";
import { isPaperModel, type PaperModel, paperProtocol } from "../paper/paper.js";
import type { ReproductionPart } from "./experiments.js";
import { type Protocol, protocols } from "./protocol.js";
import { scheduleTrials, type TrialResults, type UndecidedTrials } from "./schedule-trials.js";
import type { TrialConfig, TrialPlan } from "./trial.js";
import { trialId } from "./trial-id.js";

/** What a whole reproduction has, and a quick one, where nothing else is asked for. */
export const planLengths = {
  whole: { epochs: paperProtocol.epochs, seeds: [1, 2, 3] },
  quick: { epochs: 2, seeds: [1] },
} as const;

export interface PlanOptions {
  readonly part: ReproductionPart;
  /** The data set's name. */
  readonly data: string;
  readonly epochs: number;
  /** The first of them alone runs the printed setting and chooses the schedules' start rates. */
  readonly seeds: readonly number[];
  /** Training images taken; null for all. */
  readonly limit: number | null;
  /** Larger batches are cut to this (default: none is). */
  readonly largestBatch?: number;
  /** Default: this library's; the last one is run. */
  readonly protocols?: readonly Protocol[];
  /** Table 2's (default: the paper's five). */
  readonly models?: readonly PaperModel[];
  /** The model of everything else (default "proposed"). */
  readonly subject?: PaperModel;
  /** Table 4's. */
  readonly batchSizes?: readonly number[];
}

export interface ReproductionPlan {
  /** In the order in which they run. */
  readonly trials: readonly TrialPlan[];
  readonly undecided: readonly UndecidedTrials[];
}

/** The paper's. */
const batchSize = 128;
const printedOptimizers = ["adam", "sgd"] as const;

/**
 * The trials of a reproduction, as far as those that are done decide them: no trial twice, each with the experiments
 * that read it.
 */
export function planTrials(options: PlanOptions, results: TrialResults = new Map()): ReproductionPlan {
  const { part, subject = "proposed", seeds, protocols: all = protocols } = options;
  const protocol = all[all.length - 1];
  const schedules = scheduleTrials(
    (seed) => configOf(options, protocol.settings, { model: subject, batchSize, seed }),
    protocol.name,
    seeds,
    results,
  );
  const trials = [
    ...protocolTrials(options, protocol).filter(({ experiments }) => experiments.includes("table2")),
    ...printedTrials(options),
    ...protocolTrials(options, protocol).filter(({ experiments }) => !experiments.includes("table2")),
    ...schedules.trials,
    ...trialsWithoutDropout(options, protocol),
  ];
  const scheduled = part === "schedules" || part === "all";
  return {
    trials: trials.filter((trial) => isWanted(trial, part, subject)),
    undecided: scheduled ? schedules.undecided : [],
  };
}

/** The trials of the protocols before the current one: never run, but kept where they are there. */
export function earlierTrials(options: PlanOptions): readonly TrialPlan[] {
  const { protocols: all = protocols } = options;
  return all.slice(0, -1).flatMap((protocol) => protocolTrials(options, protocol));
}

function isWanted(trial: TrialPlan, part: ReproductionPart, subject: PaperModel): boolean {
  const { experiments, config } = trial;
  switch (part) {
    case "all":
      return true;
    case "table3":
      return experiments.includes("table2");
    case "figures":
      return experiments.includes("table2") && ["cnn", subject].includes(config.model);
    default:
      return experiments.includes(part);
  }
}

/** Tables 2 and 4: models at the paper's batch size, the subject at every one. Seeds first: a whole table each. */
function protocolTrials(options: PlanOptions, protocol: Protocol): TrialPlan[] {
  const { models = modelNames.filter(isPaperModel), subject = "proposed", seeds } = options;
  const { batchSizes = [32, 64, 128, 256, 512] } = options;
  const trial = (model: PaperModel, size: number, seed: number): TrialPlan => ({
    id: trialId({ kind: "model", protocol: protocol.name, model, batchSize: size, seed }),
    experiments: [
      ...(size === batchSize ? (["table2"] as const) : []),
      ...(model === subject && batchSizes.includes(size) ? (["table4"] as const) : []),
    ],
    config: configOf(options, protocol.settings, { model, batchSize: size, seed }),
    keepsPredictions: size === batchSize,
  });
  const others = batchSizes.filter((size) => size !== batchSize);
  return [
    ...seeds.flatMap((seed) => models.map((model) => trial(model, batchSize, seed))),
    ...seeds.flatMap((seed) => others.map((size) => trial(subject, size, seed))),
  ];
}

/** The paper's own words: α₀ = 0.1 in [1e-8, 0.1], Adam; and SGD, which it doesn't name. Nothing that it doesn't say. */
function printedTrials(options: PlanOptions): TrialPlan[] {
  const { subject = "proposed", seeds } = options;
  const schedule = dynamicDecay({ learningRate: 0.1, minLearningRate: 1e-8, maxLearningRate: 0.1 }).config;
  const [seed] = seeds;
  return printedOptimizers.map((name) => {
    const settings = {
      optimizer: createOptimizer(name),
      schedule,
      labelSmoothing: 0,
      augmentation: null,
    };
    return {
      id: trialId({ kind: "printed", optimizer: name, seed }),
      experiments: ["printed"],
      config: configOf(options, settings, { model: subject, batchSize, seed }),
      keepsPredictions: false,
    };
  });
}

/** What the paper's claim of dropout asks for: the subject of Table 2 without it. */
function trialsWithoutDropout(options: PlanOptions, protocol: Protocol): TrialPlan[] {
  const { subject = "proposed", seeds } = options;
  return seeds.map((seed) => ({
    id: trialId({ kind: "without-dropout", protocol: protocol.name, seed }),
    experiments: ["dropout"],
    config: {
      ...configOf(options, protocol.settings, { model: subject, batchSize, seed }),
      dropout: false,
    },
    keepsPredictions: false,
  }));
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

function configOf(
  options: PlanOptions,
  settings: Protocol["settings"],
  own: { readonly model: PaperModel; readonly batchSize: number; readonly seed: number },
): TrialConfig {
  const { data, epochs, limit, largestBatch = Number.POSITIVE_INFINITY } = options;
  const batchSize = Math.min(own.batchSize, largestBatch);
  const { optimizer, schedule, labelSmoothing, augmentation } = settings;
  return {
    model: own.model,
    dropout: true,
    data,
    epochs,
    batchSize,
    optimizer,
    schedule,
    labelSmoothing,
    augmentation,
    seed: own.seed,
    splitSeed: 1,
    limit,
    portable: false,
  };
}
