import type { EpochRecord } from "../../core/training/events.js";
import type { NodeEnvironment } from "../../node/environment.js";
import type { TrainingSettings } from "../../run/run-config.js";
import type { ResumedEnvironment, RunEnvironment } from "../../run/run-folder.js";
import type { RunEvaluation } from "../../run/run-record.js";
import type { PaperModel } from "../paper/paper.js";
import type { Experiment } from "./experiments.js";

/** Everything that decides what a trial comes to. */
export interface TrialConfig extends TrainingSettings {
  readonly model: PaperModel;
  /** False where the model's dropout layers are left out. */
  readonly dropout: boolean;
  /** The data set's name, also where that was given as a folder. */
  readonly data: string;
}

/** What a trial ran on. */
export type TrialEnvironment = RunEnvironment & NodeEnvironment;

/** One training of a reproduction, planned. */
export interface TrialPlan {
  /** A file name, which `parseTrialId` reads: `adamw-proposed-128-seed1`. */
  readonly id: string;
  /** What it is run for. */
  readonly experiments: readonly Experiment[];
  readonly config: TrialConfig;
  /** Whether its test predictions are kept: those of Table 2, which Table 3, the figures and Shirt read. */
  readonly keepsPredictions: boolean;
}

/** What a trial came to: `trials/<id>.json`. A diverged one is a result too. */
export interface TrialRecord {
  readonly id: string;
  /** What it was computed with. */
  readonly arithmeticVersion: number;
  readonly config: TrialConfig;
  /** `resumed` has an entry for each time it went on after a stop. */
  readonly environment: TrialEnvironment & {
    readonly resumed?: readonly (ResumedEnvironment & NodeEnvironment)[];
  };
  readonly outcome: "finished" | "diverged";
  /** Why it diverged. */
  readonly message?: string;
  readonly history: readonly EpochRecord[];
  /** The epoch whose weights were judged: the best on the validation images; 0 where none ended. */
  readonly bestEpoch: number;
  /** On the test images; null where no epoch ended or the weights are not finite. */
  readonly test: RunEvaluation | null;
  /** The same weights on the images that trained them, without dropout or augmentation. */
  readonly train: { readonly accuracy: number; readonly loss: number } | null;
}
