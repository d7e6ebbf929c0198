import type { Dataset } from "../core/data/dataset.js";
import { choice, kindOfValue, type OptionKind, type OptionTable, text } from "../core/options/index.js";
import { compileOptions } from "../core/training/compile.js";
import { isDataset } from "./check-dataset.js";
import type { EvaluateRunOptions } from "./evaluate-run.js";
import type { RunOptions } from "./follow-run.js";
import type { StopSignal } from "./host.js";
import type { ResumeRunOptions } from "./resume-run.js";
import { weightsNames } from "./run-folder.js";

/** Whatever can be called. */
export function functionKind<Value>(): OptionKind<Value> {
  return kindOfValue("a function", (value) => typeof value === "function");
}

export const datasetKind = kindOfValue<Dataset>(
  "a data set with name, imageShape, classNames, train and test",
  isDataset,
);

const signalKind = kindOfValue<StopSignal>("an AbortSignal such as new AbortController().signal", (value) => {
  if (typeof value !== "object" || value === null) return false;
  const { aborted, addEventListener, removeEventListener } = value as Partial<StopSignal>;
  const listens = [addEventListener, removeEventListener].every((each) => typeof each === "function");
  return typeof aborted === "boolean" && listens;
});

const common = {
  threads: compileOptions.threads,
  dataset: { meaning: "the images, where they are loaded already", kind: datasetKind, otherwise: "loaded" },
  signal: { meaning: "stops it", kind: signalKind, otherwise: "nothing does" },
} as const;

/** Those of a run that trains. */
export const runOptions = {
  ...common,
  onEvent: { meaning: "told what goes on", kind: functionKind(), otherwise: "nobody" },
  onWarning: { meaning: "told what was made good", kind: functionKind(), otherwise: "nobody" },
} satisfies OptionTable<RunOptions>;

/** Those of a run that goes on. */
export const resumeRunOptions = {
  ...runOptions,
  onCheckpoint: { meaning: "told where the run goes on from", kind: functionKind(), otherwise: "nobody" },
} satisfies OptionTable<ResumeRunOptions>;

/** Those of a run that is judged. */
export const evaluateRunOptions = {
  ...common,
  weights: { meaning: "which of its weights", kind: choice(weightsNames), default: "best" },
  data: {
    meaning: "another data set to judge on",
    kind: text(/./su, "the name of a data set or folder"),
    otherwise: "the run's own",
  },
} satisfies OptionTable<EvaluateRunOptions>;
