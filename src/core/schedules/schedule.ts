import type { ScheduleConfig } from "./create.js";

/** Where a run stands: `step` counts batches from 0 over the whole run of `epochs` × `stepsPerEpoch`. */
export interface SchedulePosition {
  readonly step: number;
  readonly stepsPerEpoch: number;
  readonly epochs: number;
}

/** What every schedule takes. */
export interface CommonScheduleOptions {
  /** α₀, the rate that the curve starts from (the peak of `one-cycle`). Default 0.001. */
  readonly learningRate?: number;
  /** The rate never falls below it. Default 1e-8, the paper's. */
  readonly minLearningRate?: number;
  /** The rate never rises above it. Default: no bound. */
  readonly maxLearningRate?: number;
  /**
   * Epochs, whole or not, over which the curve is scaled up in equal steps: step s of the W in them has
   * (s + 1) / W of its rate. Default 0.
   */
  readonly warmup?: number;
}

/** A learning rate for each step of a run: a pure function of where the run stands. */
export interface Schedule {
  /** Defaults filled in, but for those that follow from the length of the run. */
  readonly config: ScheduleConfig;
  learningRate(position: SchedulePosition): number;
}

/** A parameter of one schedule: what it means, what it is when left out, what it may be. */
export interface ScheduleParameter {
  readonly meaning: string;
  /** Undefined where it follows from the length of the run, as `meaning` says. */
  readonly default?: number;
  /** What is allowed, in words that end "expected …". */
  readonly expected: string;
  allows(value: number): boolean;
}

/** What a schedule computes from: its own parameters and the common ones, those left open undefined. */
export type ScheduleValues<Parameter extends string> = {
  readonly [name in Parameter]: number | undefined;
} & {
  readonly learningRate: number;
  readonly minLearningRate: number;
};

/** One kind of schedule: its curve before warm-up and bounds. */
export interface ScheduleDefinition<Parameter extends string = string> {
  readonly name: string;
  /** The curve in a line, α₀ being the learning rate. */
  readonly equation: string;
  readonly parameters: { readonly [name in Parameter]: ScheduleParameter };
  curve(values: ScheduleValues<Parameter>, position: SchedulePosition): number;
}

/** Keeps a definition's parameter names as its type. */
export const defineSchedule = <Parameter extends string>(
  definition: ScheduleDefinition<Parameter>,
): ScheduleDefinition<Parameter> => definition;

/** Batches of the whole run. */
export const totalSteps = ({ stepsPerEpoch, epochs }: SchedulePosition): number => stepsPerEpoch * epochs;

/** p: the share of all steps done before this one, 0 at the first. */
export const fractionDone = (position: SchedulePosition): number => position.step / totalSteps(position);

export const positive = {
  expected: "a number above 0",
  allows: (value: number): boolean => Number.isFinite(value) && value > 0,
};

export const notNegative = {
  expected: "a number of at least 0",
  allows: (value: number): boolean => Number.isFinite(value) && value >= 0,
};

export const factor = {
  expected: "a number above 0 and at most 1",
  allows: (value: number): boolean => value > 0 && value <= 1,
};
