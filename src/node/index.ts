// The library as Node has it: everything of the core, with Node's threads and files bound.
export * from "../core/index.js";
export { type LoadedDataset, type LoadOptions, loadDataset } from "./data/load.js";
export type { DataProgress, OnDataProgress } from "./data/progress.js";
export {
  loadModel,
  model,
  type NodeChainOptions,
  NodeModel as Model,
  type NodeModelOptions,
  sequential,
} from "./node-model.js";
export { nodePlatform } from "./platform.js";
export type { ChosenCheckpoint } from "./run/checkpoints.js";
export { type EvaluatedRun, type EvaluateRunOptions, evaluateRun } from "./run/evaluate-run.js";
export type { OnRunEvent, RunSettings, TrainRunResult } from "./run/follow-run.js";
export { listRuns, type RunSummary } from "./run/list-runs.js";
export { type ResumeRunOptions, resumeRun } from "./run/resume-run.js";
export type { RunConfig } from "./run/run-config.js";
export { type TrainRunOptions, trainRun } from "./run/train-run.js";
