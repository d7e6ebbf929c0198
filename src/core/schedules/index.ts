import { type Schedule, type ScheduleConfig, type ScheduleOptions, scheduleOf } from "./create.js";

export {
  createSchedule,
  type OwnScheduleConfig,
  type Schedule,
  type ScheduleConfig,
  type ScheduleName,
  type ScheduleOptions,
  scheduleDefinitions,
  scheduleKind,
  scheduleNames,
  scheduleOptions,
} from "./create.js";
export type { ImprovementOptions, MonitoredFigure, ValidationFigures } from "./improvement.js";
export type {
  CommonScheduleOptions,
  ScheduleDefinition,
  SchedulePosition,
} from "./schedule.js";

/** α = α₀. @throws UsageError on a number out of range, as all of these do */
export const constant = (options: ScheduleOptions<"constant"> = {}): Schedule<ScheduleConfig> =>
  scheduleOf("constant", options);

/** α = α₀ · decay^⌊epoch / decayEpochs⌋; decay 0.5, every quarter of the run, rounded up. */
export const stepDecay = (options: ScheduleOptions<"step"> = {}): Schedule<ScheduleConfig> =>
  scheduleOf("step", options);

/** α = α₀ / (1 + decay · epoch), the paper's Equation 6; decay 9 / epochs. */
export const inverseTimeDecay = (options: ScheduleOptions<"inverse-time"> = {}): Schedule<ScheduleConfig> =>
  scheduleOf("inverse-time", options);

/** α = α₀ · decay^(step / decaySteps), the paper's Equation 7; decay 0.1 over the whole run. */
export const exponentialDecay = (options: ScheduleOptions<"exponential"> = {}): Schedule<ScheduleConfig> =>
  scheduleOf("exponential", options);

/** α = α₀ · e^(−decay · step / decaySteps), the form that Figure 2 draws; decay ln 10 over the whole run. */
export const naturalExponentialDecay = (
  options: ScheduleOptions<"natural-exponential"> = {},
): Schedule<ScheduleConfig> => scheduleOf("natural-exponential", options);

/** α = α₀ · (ρ + (1 − ρ) · e^(−decay · p)), the paper's Algorithm 1 as reconstructed; decay 5, ρ 0.1. */
export const dynamicDecay = (options: ScheduleOptions<"dynamic"> = {}): Schedule<ScheduleConfig> =>
  scheduleOf("dynamic", options);

/** Half a cosine wave from α₀ to minLearningRate. */
export const cosineDecay = (options: ScheduleOptions<"cosine"> = {}): Schedule<ScheduleConfig> =>
  scheduleOf("cosine", options);

/** Up to α₀ at peakAt 0.3 from α₀ / 25, then down to α₀ / 250,000. */
export const oneCycle = (options: ScheduleOptions<"one-cycle"> = {}): Schedule<ScheduleConfig> =>
  scheduleOf("one-cycle", options);

/**
 * α₀ until the validation loss has not fallen for `patience` epochs in a row, then α₀ · factor, and so on: factor 0.1,
 * patience 10, minDelta 1e-4. Each `fit` begins with α₀ anew.
 */
export const reduceOnPlateau = (
  options: ScheduleOptions<"reduce-on-plateau"> = {},
): Schedule<ScheduleConfig> => scheduleOf("reduce-on-plateau", options);
