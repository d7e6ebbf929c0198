import { modelDefinitions, withoutDropout } from "../../core/models/index.js";
import { type PaperModel, paperProtocol, type TrainedModel } from "../paper/paper.js";
import type { Experiment, ReproductionPart } from "./experiments.js";
import { protocol as ownProtocol, type Protocol } from "./protocol.js";
import type { TrialFacts, TrialPlan } from "./trial.js";

export const paperBatch: number = paperProtocol.batchSize;

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

/** What a trial has of its own: what is left out is the subject's, the paper's, the protocol's. */
export interface TrialEntry extends Pick<TrialFacts, "experiment" | "seed"> {
  /** But for its seed. */
  readonly name: string;
  readonly experiments: readonly Experiment[];
  readonly model?: TrainedModel;
  readonly batchSize?: number;
  readonly trained?: Protocol["settings"];
  readonly epochs?: number;
  readonly keepsPredictions?: boolean;
}

/** Makes a reproduction's trials. */
export const trialOf =
  ({ subject = "proposed", protocol = ownProtocol, limit, ...whole }: PlanOptions) =>
  (entry: TrialEntry): TrialPlan => {
    const { name, experiments, experiment, seed, keepsPredictions } = entry;
    const {
      model = subject,
      batchSize = paperBatch,
      epochs = whole.epochs,
      trained = protocol.settings,
    } = entry;
    const { optimizer, schedule, labelSmoothing, augmentation } = trained;
    // So few images may be fewer than a batch.
    const batch = limit === null ? { batchSize } : { batchSizeAtMost: batchSize };
    const built = experiment === "without-dropout" ? withoutDropout(modelDefinitions[model]) : model;
    const settings = { model: built, epochs, ...batch, optimizer, schedule, labelSmoothing, augmentation };
    const rates = { schedule: schedule.name, learningRate: schedule.learningRate ?? 0 };
    return {
      id: `${name}-seed${seed}`,
      experiments,
      factors: { experiment, model, batchSize, optimizer: optimizer.name, ...rates, seed },
      settings: { ...settings, seed, splitSeed: 1, limit },
      ...(keepsPredictions && { keepsPredictions }),
    };
  };
