import type { EpochRecord } from "../../core/training/events.js";
import type { RunConfig } from "../../node/run/run-config.js";
import type { ResumedEnvironment, RunEnvironment } from "../../node/run/run-folder.js";
import type { RunEvaluation } from "../../report/run-record.js";
import type { Experiment } from "./experiments.js";

/** One training of a reproduction, planned. */
export interface TrialPlan {
  /** A file name, which `parseTrialId` reads: `adamw-proposed-128-seed1`. */
  readonly id: string;
  /** What it is run for. */
  readonly experiments: readonly Experiment[];
  /** Its `data` is the data set's name, also where that was given as a folder. */
  readonly config: RunConfig;
  /** Whether its test predictions are kept: those of Table 2, which Table 3, the figures and Shirt read. */
  readonly keepsPredictions: boolean;
}

/** What a trial came to: `trials/<id>.json`. A diverged one is a result too. */
export interface TrialRecord {
  readonly id: string;
  readonly config: RunConfig;
  /** `resumed` has an entry for each time it went on after a stop. */
  readonly environment: RunEnvironment & { readonly resumed?: readonly ResumedEnvironment[] };
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
