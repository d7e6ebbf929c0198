import { UsageError } from "../../core/errors.js";
import { modelDefinitions, modelNames, withoutDropout } from "../../core/models/index.js";
import { createOptimizer } from "../../core/optimizers/index.js";
import { dynamicDecay } from "../../core/schedules/index.js";
import type { StudyPlan, TrialSettings } from "../../study/study.js";
import {
  deeperModels,
  isPaperModel,
  type PaperModel,
  paperProtocol,
  type TrainedModel,
} from "../paper/paper.js";
import type { ReproductionPart } from "./experiments.js";
import { protocol as ownProtocol, type Protocol } from "./protocol.js";
import { scheduleTrials, type TrialResults } from "./schedule-trials.js";
import type { TrialFacts, TrialPlan } from "./trial.js";

/** What a whole reproduction has, and a quick one, where nothing else is asked for. */
export const planLengths = {
  whole: { epochs: paperProtocol.epochs, seeds: [1, 2, 3] },
  quick: { epochs: 2, seeds: [1] },
} as const;

export interface PlanOptions {
  readonly part: ReproductionPart;
  readonly epochs: number;
  /** The first of them alone runs the printed setting and chooses the schedules' start rates. */
  readonly seeds: readonly number[];
  /** Training images taken; null for all. */
  readonly limit: number | null;
  /** Default: this library's. */
  readonly protocol?: Protocol;
  /** Table 2's (default: the paper's five). */
  readonly models?: readonly PaperModel[];
  /** The model of everything else (default "proposed"). */
  readonly subject?: PaperModel;
  /** Table 4's. */
  readonly batchSizes?: readonly number[];
}

export type ReproductionPlan = StudyPlan<TrialPlan>;

/** The paper's. */
const batchSize = 128;
const printedOptimizers = ["adam", "sgd"] as const;

/**
 * The trials of a reproduction, as far as those that are done decide them: no trial twice, each with the experiments
 * that read it.
 */
export function planTrials(options: PlanOptions, results: TrialResults = new Map()): ReproductionPlan {
  const { part, subject = "proposed", seeds, protocol = ownProtocol } = options;
  const schedules = scheduleTrials(
    (seed) => settingsOf(options, protocol.settings, { model: subject, batchSize, seed }),
    { model: subject, batchSize, optimizer: protocol.settings.optimizer.name },
    protocol.name,
    seeds,
    results,
  );
  const models = protocolTrials(options, protocol);
  const trials = [
    ...models.filter(({ experiments }) => experiments.includes("table2")),
    ...printedTrials(options),
    ...models.filter(({ experiments }) => !experiments.includes("table2")),
    ...schedules.trials,
    ...trialsWithoutDropout(options, protocol),
    ...deeperTrials(options, protocol),
  ];
  const scheduled = part === "schedules" || part === "all";
  return {
    trials: trials.filter((trial) => isWanted(trial, part, subject)),
    undecided: scheduled ? schedules.undecided : [],
  };
}

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

/** Tables 2 and 4: models at the paper's batch size, the subject at every one. Seeds first: a whole table each. */
function protocolTrials(options: PlanOptions, protocol: Protocol): TrialPlan[] {
  const { models = modelNames.filter(isPaperModel), subject = "proposed", seeds } = options;
  const { batchSizes = [32, 64, 128, 256, 512] } = options;
  const trial = (model: PaperModel, size: number, seed: number): TrialPlan => ({
    ...modelTrial(options, protocol, { model, batchSize: size, seed }),
    experiments: [
      ...(size === batchSize ? (["table2"] as const) : []),
      ...(model === subject && batchSizes.includes(size) ? (["table4"] as const) : []),
    ],
    keepsPredictions: size === batchSize,
  });
  const others = batchSizes.filter((size) => size !== batchSize);
  return [
    ...seeds.flatMap((seed) => models.map((model) => trial(model, batchSize, seed))),
    ...seeds.flatMap((seed) => others.map((size) => trial(subject, size, seed))),
  ];
}

/** What Table 2 lacks: networks of the kind that the abstract argues against, by the same protocol. */
const deeperTrials = (options: PlanOptions, protocol: Protocol): TrialPlan[] =>
  options.seeds.flatMap((seed) =>
    deeperModels.map((model) => ({
      ...modelTrial(options, protocol, { model, batchSize, seed }),
      experiments: ["deeper"] as const,
    })),
  );

/** A model by the protocol. */
const modelTrial = (
  options: PlanOptions,
  protocol: Protocol,
  own: { readonly model: TrainedModel; readonly batchSize: number; readonly seed: number },
): Omit<TrialPlan, "experiments"> => ({
  id: `${protocol.name}-${own.model.toLowerCase()}-${own.batchSize}-seed${own.seed}`,
  ...trained(options, protocol.settings, { experiment: "model", ...own }),
});

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
      id: `printed-${name}-seed${seed}`,
      experiments: ["printed"],
      ...trained(options, settings, { experiment: "printed", model: subject, batchSize, seed }),
    };
  });
}

/** What the paper's claim of dropout asks for: the subject of Table 2 without it. */
function trialsWithoutDropout(options: PlanOptions, protocol: Protocol): TrialPlan[] {
  const { subject = "proposed", seeds } = options;
  return seeds.map((seed) => {
    const facts = { experiment: "without-dropout", model: subject, batchSize, seed } as const;
    const { settings, factors } = trained(options, protocol.settings, facts);
    return {
      id: `${protocol.name}-without-dropout-seed${seed}`,
      experiments: ["dropout"],
      factors,
      settings: { ...settings, model: withoutDropout(modelDefinitions[subject]) },
    };
  });
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

/** A trial's settings, and the facts that they come to. */
function trained(
  options: PlanOptions,
  own: Protocol["settings"],
  facts: Pick<TrialFacts, "experiment" | "model" | "batchSize" | "seed">,
): { readonly settings: TrialSettings; readonly factors: TrialFacts } {
  const { optimizer, schedule } = own;
  const rates = { schedule: schedule.name, learningRate: startRate(schedule) };
  return {
    settings: settingsOf(options, own, facts),
    factors: { ...facts, optimizer: optimizer.name, ...rates },
  };
}

/** Where a schedule begins, which each of ours says. */
const startRate = (schedule: Protocol["settings"]["schedule"]): number => schedule.learningRate ?? 0;

function settingsOf(
  options: PlanOptions,
  settings: Protocol["settings"],
  own: Pick<TrialFacts, "model" | "batchSize" | "seed">,
): TrialSettings & Protocol["settings"] {
  const { epochs, limit } = options;
  const { optimizer, schedule, labelSmoothing, augmentation } = settings;
  const { model, seed } = own;
  // So few images may be fewer than a batch.
  const batch = limit === null ? { batchSize: own.batchSize } : { batchSizeAtMost: own.batchSize };
  const trained = { optimizer, schedule, labelSmoothing, augmentation };
  return { model, epochs, ...batch, ...trained, seed, splitSeed: 1, limit };
}
