import { type AnyOptionTable, number, type OptionTable, type ResolvedOptions } from "../options/index.js";
import type { ValidationFigures } from "./improvement.js";

/** Where a run stands: `step` counts batches from 0 over the whole run of `epochs` × `stepsPerEpoch`. */
export interface SchedulePosition {
  /** Batches before this one, over the whole run. */
  readonly step: number;
  /** Batches of an epoch. */
  readonly stepsPerEpoch: number;
  /** Of the whole run. */
  readonly epochs: number;
  /**
   * What each epoch done came to on the images that validate, from the first of this `fit`; there for a schedule
   * that `followsValidation`.
   */
  readonly validation?: readonly ValidationFigures[];
}

/** What every schedule takes. */
export interface CommonScheduleOptions {
  /** α₀, the rate that the curve starts from (the peak of `one-cycle`). Default 0.001. */
  readonly learningRate?: number | undefined;
  /** The rate never falls below it. Default 1e-8, the paper's. */
  readonly minLearningRate?: number | undefined;
  /** The rate never rises above it. Default: no bound. */
  readonly maxLearningRate?: number | undefined;
  /**
   * Epochs, whole or not, over which the curve is scaled up in equal steps: step s of the W in them has
   * (s + 1) / W of its rate. Default 0.
   */
  readonly warmup?: number | undefined;
}

export const commonScheduleOptions = {
  learningRate: {
    meaning: "α₀, the rate that the curve starts from (the peak of one-cycle)",
    kind: number({ above: 0 }),
    default: 0.001,
  },
  minLearningRate: { meaning: "the rate never falls below it", kind: number({ from: 0 }), default: 1e-8 },
  maxLearningRate: {
    meaning: "the rate never rises above it",
    kind: number({ above: 0 }),
    otherwise: "no bound",
  },
  warmup: {
    meaning: "epochs over which the curve is scaled up in equal steps",
    kind: number({ from: 0, note: "epochs, whole or not" }),
    default: 0,
  },
} satisfies OptionTable<CommonScheduleOptions>;

/** What a schedule computes from: its own parameters and the common ones, those left open undefined. */
export type ScheduleValues<Parameters> = ResolvedOptions<Parameters> & {
  readonly learningRate: number;
  readonly minLearningRate: number;
};

/** One kind of schedule: its curve before warm-up and bounds. */
export interface ScheduleDefinition<Parameters extends AnyOptionTable = AnyOptionTable> {
  /** As configurations and the command line have it. */
  readonly name: string;
  /** The curve in a line, α₀ being the learning rate. */
  readonly equation: string;
  /** What it takes beside the common options, numbers all. */
  readonly parameters: Parameters;
  /** Whether it looks at what the epochs done came to: then nobody can say its rates ahead. */
  readonly followsValidation?: true;
  /** α before warm-up and bounds. */
  curve(values: ScheduleValues<Parameters>, position: SchedulePosition): number;
}

/** Keeps a definition's parameters as its type. */
export const defineSchedule = <const Parameters extends AnyOptionTable>(
  definition: ScheduleDefinition<Parameters>,
): ScheduleDefinition<Parameters> => definition;

/** Batches of the whole run. */
export const totalSteps = ({ stepsPerEpoch, epochs }: SchedulePosition): number => stepsPerEpoch * epochs;

/** p: the share of all steps done before this one, 0 at the first. */
export const fractionDone = (position: SchedulePosition): number => position.step / totalSteps(position);
