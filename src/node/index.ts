// The library as Node has it: everything of the core, with Node's threads and files bound.
export * from "../core/index.js";
export { type LoadedDataset, type LoadOptions, loadDataset } from "./data/load.js";
export type { DataProgress, OnDataProgress } from "./data/progress.js";
export { loadModel, NodeModel as Model, sequential } from "./node-model.js";
export { nodePlatform } from "./platform.js";
export { type EvaluatedRun, type EvaluateRunOptions, evaluateRun } from "./run/evaluate-run.js";
export { listRuns, type RunSummary } from "./run/list-runs.js";
export type { RunConfig } from "./run/run-config.js";
export { type RunSettings, type TrainRunOptions, type TrainRunResult, trainRun } from "./run/train-run.js";
