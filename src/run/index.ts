export type { Hasher } from "../core/formats/sha256.js";
export { bestOf } from "./best-of.js";
export type { Beginning, BeginningContext, BodyModel } from "./body-model.js";
export type { BodyRecord } from "./body-record.js";
export type { ChosenCheckpoint } from "./checkpoints.js";
export type { RunChange } from "./diff/changes.js";
export type { TensorChange, WeightsChange } from "./diff/compare-tensors.js";
export { type DiffRunsOptions, diffRuns, type RunsDifference, type RunsParting } from "./diff/diff-runs.js";
export { type EvaluatedRun, evaluateRun } from "./evaluate-run.js";
export type { RunEvaluation } from "./evaluation-schema.js";
export type { TrainRunResult } from "./follow-run.js";
export type { DataOptions, DataRequest, Environment, RunHost, StopSignal } from "./host.js";
export type { RunJudgement } from "./judge.js";
export type { WithoutLeaks } from "./leaks.js";
export { listRuns, type RunSummary } from "./list-runs.js";
export { type DeletedRun, deleteRun, noteRun } from "./manage-runs.js";
export { memoryStore } from "./memory-store.js";
export { NoDataError } from "./moved-images.js";
export { type OnBodyOptions, onBody } from "./on-body.js";
export type { DataDigests, PartDigests } from "./receipt/digests.js";
export { parseReceipt, type Receipt, type WeightsDigests } from "./receipt/receipt.js";
export { resumeRun } from "./resume-run.js";
export type { RunConfig, TrainingSettings } from "./run-config.js";
export type { RunEpoch } from "./run-epoch.js";
export { RunError, type RunErrorCode } from "./run-error.js";
export { type ResumedEnvironment, type RunEnvironment, RunFolder, type WeightsName } from "./run-folder.js";
export type { DescribedModel, GivenDefinition, GivenRunModel } from "./run-model.js";
export type { EvaluateRunOptions, OnRunEvent, ResumeRunOptions, RunOptions } from "./run-options.js";
export {
  type ReadRunRecordOptions,
  type RunPredictions,
  type RunRecord,
  readRunRecord,
} from "./run-record.js";
export type { RunSettings } from "./run-settings.js";
export {
  parseRunFilter,
  type RunFilter,
  type RunSelection,
  type RunSortName,
  selectRuns,
} from "./select-runs.js";
export { type Lock, LockedError, type Store, type StoreEntry, StoreError } from "./store.js";
export type { RunTeacher } from "./teacher.js";
export type { TeacherRecord } from "./teacher-record.js";
export { type RunPlace, type TrainRunOptions, trainRun } from "./train-run.js";
export type {
  FigureDifference,
  FigureName,
  FirstDifference,
  RecordedAndHere,
  TensorDifference,
} from "./verify/difference.js";
export type { ComparedParts, Verification } from "./verify/verification.js";
export type { VerifyOptions, VerifyReceiptOptions } from "./verify/verify-options.js";
export { verifyReceipt, verifyRun } from "./verify/verify-run.js";
