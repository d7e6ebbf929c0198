export type { MonitoredFigure } from "../core/schedules/improvement.js";
export type {
  FactorsOf,
  Facts,
  StudyEvent,
  StudyProgress,
  StudyTrials,
  TrainFigures,
  TrialEnvironment,
  TrialFailure,
  TrialPlan,
  TrialProgress,
  TrialRecord,
  TrialSettings,
  UndecidedProgress,
  UndecidedTrials,
} from "../study/study.js";
export type { Configuration } from "./configurations.js";
export { pageFile, recipeFile } from "./outputs.js";
export type { SweepTrial } from "./plan.js";
export type { ConfigurationResult, SweepResults } from "./results.js";
export type { Json, Settings } from "./settings.js";
export { sweepSpec } from "./spec.js";
export {
  type PlanSweepOptions,
  planSweep,
  readSweepSpec,
  type SweepEvent,
  type SweepOptions,
  type SweepResult,
  sweep,
} from "./sweep.js";
export { type Dimension, isRange, type Range, type SweepKind, type SweepSpec } from "./sweep-spec.js";
