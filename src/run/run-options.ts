import type { Dataset } from "../core/data/dataset.js";
import { resolveViews, type ViewOptions, viewsKind } from "../core/data/views.js";
import {
  choice,
  convertedBy,
  flag,
  functionKind,
  kindOfValue,
  type OptionTable,
  text,
} from "../core/options/index.js";
import { isDataset } from "../core/training/check-dataset.js";
import { compileOptions } from "../core/training/compile.js";
import type { EpochRecord, TrainEvent } from "../core/training/events.js";
import { type PredictOptions, predictOptions } from "../core/training/predict-options.js";
import type { StandOnProgress } from "../core/transfer/index.js";
import type { ChosenCheckpoint } from "./checkpoints.js";
import type { StopSignal } from "./host.js";
import type { RunConfig } from "./run-config.js";
import { type WeightsName, weightsNames } from "./run-folder.js";

/** Told what goes on, in which run, on what; called before the next step. */
export type OnRunEvent = (
  event: TrainEvent,
  run: {
    readonly folder: string;
    readonly dataset: Dataset;
    readonly config: RunConfig;
    /** The epochs done, those before a checkpoint included. */
    readonly history: readonly EpochRecord[];
  },
) => void;

/** What a run takes, a new one or one that goes on. */
export interface RunOptions {
  /** Default: one a processor; it never changes a result. */
  readonly threads?: number | undefined;
  /** Stops after the current step and keeps the weights of that moment. */
  readonly signal?: StopSignal | undefined;
  /** What the run's `data` names, where it is loaded already. */
  readonly dataset?: Dataset | undefined;
  /**
   * Whether its best weights are judged on the test images at its end (default true). Where they aren't, nothing has
   * looked at those images, and the run has no receipt.
   */
  readonly judge?: boolean | undefined;
  /** Told what goes on. */
  readonly onEvent?: OnRunEvent | undefined;
  /** Told what was found damaged and made good, or left behind and taken over. */
  readonly onWarning?: ((message: string) => void) | undefined;
  /** Told how far a run on a body is before its first epoch: features, and trainings of the head. */
  readonly onBeginning?: ((progress: StandOnProgress) => void) | undefined;
}

/** Where a run that goes on finds its images, and who is told of it. */
export interface ResumeRunOptions extends RunOptions {
  /** Where its images are now (default: where they were). Others than it has trained on are refused. */
  readonly data?: string | undefined;
  /** Told which checkpoint the run goes on from; undefined where no epoch of it ended. */
  readonly onCheckpoint?: ((chosen: ChosenCheckpoint | undefined) => void) | undefined;
}

/** How a run is judged. */
export interface EvaluateRunOptions {
  /** Default "best". */
  readonly weights?: WeightsName | undefined;
  /** Another data set to judge on (default: the run's own); its test images are taken. */
  readonly data?: string | undefined;
  /** What `data`, or the run's own, names, where it is loaded already. */
  readonly dataset?: Dataset | undefined;
  /**
   * Views of each image that its prediction is the mean of, as `predict` has them; "none" or null is the image alone
   * (default: the run's own). What it comes to over others than the run's own is not written.
   */
  readonly views?: PredictOptions["views"] | undefined;
  /** Default: one a processor; it never changes a result. */
  readonly threads?: number | undefined;
  /** Stops the loading of a data set. */
  readonly signal?: StopSignal | undefined;
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

/** Views in place of a run's own: null, which is not the same as nothing, is the image alone. */
const otherViewsKind = convertedBy(
  viewsKind.expected,
  (given: string | ViewOptions | null) => resolveViews(given) ?? null,
);

const common = {
  threads: compileOptions.threads,
  dataset: { meaning: "the images, where they are loaded already", kind: datasetKind, otherwise: "loaded" },
  signal: { meaning: "stops it", kind: signalKind, otherwise: "nothing does" },
} as const;

/** Those of a run that trains. */
export const runOptions = {
  ...common,
  judge: { meaning: "whether it is judged on the test images at its end", kind: flag(), default: true },
  onEvent: { meaning: "told what goes on", kind: functionKind(), otherwise: "nobody" },
  onWarning: { meaning: "told what was made good", kind: functionKind(), otherwise: "nobody" },
  onBeginning: { meaning: "told how far a body's features are", kind: functionKind(), otherwise: "nobody" },
} satisfies OptionTable<RunOptions>;

/** Those of a run that goes on. */
export const resumeRunOptions = {
  ...runOptions,
  data: {
    meaning: "where its images are now",
    kind: text(/./su, "the name of a data set or folder"),
    otherwise: "where they were",
  },
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
  views: { ...predictOptions.views, kind: otherViewsKind, otherwise: "the run's own" },
} satisfies OptionTable<EvaluateRunOptions>;
