import type { Dataset } from "../core/data/dataset.js";
import type { RunConfig } from "../run/run-config.js";
import type { RunEpoch } from "../run/run-epoch.js";
import type { ResumedEnvironment, RunEnvironment } from "../run/run-folder.js";
import type { RunEvaluation } from "../run/run-record.js";
import type { RunSettings } from "../run/run-settings.js";

/** What tells trials apart, by name: what a study varies, and whatever its readers group by. */
export type Facts = Readonly<Record<string, string | number | boolean | null>>;

/** How a trial trains: the settings of a run, but for the images, which all trials share. */
export type TrialSettings = Omit<RunSettings, "data" | "dataOptions"> & { readonly epochs: number };

/** One training of a study, planned. */
export interface TrialPlan<Factors extends Facts = Facts> {
  /** Its folder's name; another trial has another. Two settings never go under one. */
  readonly id: string;
  readonly factors: Factors;
  readonly settings: TrialSettings;
  /**
   * The epoch after which it pauses and counts as done, so that the plan may ask for more of it; its schedule is that of
   * all its epochs (default: it goes to its end).
   */
  readonly until?: number;
  /** Whether its predictions on the test images are kept (default false). */
  readonly keepsPredictions?: boolean;
}

/** Trials that are sure to come and that others decide first. */
export interface UndecidedTrials<Trial extends TrialPlan = TrialPlan> {
  readonly count: number;
  /** Of each, to be trained once it is decided (default: all that it is trained to). */
  readonly epochs?: number;
  /** One of them, but for what is not decided. */
  readonly like: Trial;
}

/** The trials of a study, as far as those that are done decide them. */
export interface StudyPlan<Trial extends TrialPlan = TrialPlan> {
  /** In the order in which they are begun. */
  readonly trials: readonly Trial[];
  readonly undecided: readonly UndecidedTrials<Trial>[];
}

/** The facts that tell a trial from others. */
export type FactorsOf<Trial extends TrialPlan> = Trial["factors"];

export type Records<Factors extends Facts = Facts> = ReadonlyMap<string, TrialRecord<Factors>>;
export type Failures<Factors extends Facts = Facts> = ReadonlyMap<string, TrialFailure<Factors>>;

/**
 * Makes a study's plan: for the same records the same, whatever ran when, and a trial that is planned once stays so.
 *
 * @param records of trials that ended or paused, by name, whether they are planned or not
 * @param failures trials that were set aside, by name
 */
export type PlanTrials<Trial extends TrialPlan = TrialPlan> = (
  records: Records<FactorsOf<Trial>>,
  failures: Failures<FactorsOf<Trial>>,
) => StudyPlan<Trial>;

/** What a trial ran on. */
export interface TrialEnvironment extends RunEnvironment {
  /** An entry for each time that it went on after a stop. */
  readonly resumed?: readonly ResumedEnvironment[];
}

/** How right a trial's best weights are on the images that trained them, without dropout or augmentation. */
export interface TrainFigures {
  readonly accuracy: number;
  readonly loss: number;
}

/** What a trial came to: what its run folder holds, `trials/<id>/`. A diverged one is a result too. */
export interface TrialRecord<Factors extends Facts = Facts> {
  readonly id: string;
  readonly factors: Factors;
  readonly outcome: "finished" | "diverged" | "paused";
  /** Why it diverged. */
  readonly message?: string;
  readonly config: RunConfig;
  readonly environment: TrialEnvironment;
  /** Of one that paused as far as the pause, though more of it may be done. */
  readonly history: readonly RunEpoch[];
  /** The best epoch on the validation images, whose weights are judged; 0 where none ended. */
  readonly bestEpoch: number;
  /** On the test images; null where the study doesn't judge, no epoch ended or the weights are not finite. */
  readonly test: RunEvaluation | null;
  /** Null where the study doesn't ask, and as `test` is. */
  readonly train: TrainFigures | null;
}

/**
 * A trial that came to nothing, set aside with the reason. It is tried again without its folder, or where other settings
 * are planned under its name.
 */
export interface TrialFailure<Factors extends Facts = Facts> {
  readonly id: string;
  readonly factors: Factors;
  /** What it failed with, as JSON; undefined of one that an older heddle set aside. */
  readonly settings?: object;
  readonly message: string;
}

/** The images of all trials. */
export interface StudyData {
  readonly dataset: Dataset;
  /** What the trials' configurations call them: what a run's `data` may be. */
  readonly name: string;
  readonly options?: RunSettings["dataOptions"];
}

/** Epochs that a plan asks of a trial. */
export const epochsOf = ({ settings, until = settings.epochs }: TrialPlan): number =>
  Math.min(until, settings.epochs);
