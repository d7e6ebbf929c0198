export { type Audit, type AuditSettings, auditDataset } from "./audit.js";
export type { AuditEvent, AuditOptions } from "./audit-options.js";
export {
  type CrossValidateOptions,
  crossValidate,
  type FoldRound,
  type PredictFold,
} from "./cross-validate.js";
export { type DuplicateGroup, isLeak } from "./duplicate-groups.js";
export { auditFindings, type Finding, type FindingKind, findingsCsv } from "./findings.js";
export type { HeadEvent } from "./head-folds.js";
export { findLabelErrors, type LabelError, type LabelErrors } from "./label-errors.js";
export type { Oddity, OddOne } from "./odd-ones.js";
export { type PartName, type Place, type Pooled, placeOf } from "./pooled.js";
export type { FoldEvent } from "./predict-folds.js";
