import type { TrainEvent } from "../core/training/events.js";
import type { RunHost, StopSignal } from "../run/host.js";
import type { RunConfig } from "../run/run-config.js";
import type { Store } from "../run/store.js";
import type { Judging } from "./judge-trial.js";
import type { WantedStudy } from "./manifest.js";
import type { StudyProgress } from "./progress.js";
import type { StudyImages } from "./state.js";
import type { TrialListener, TrialWork } from "./train-trial.js";
import type { FactorsOf, PlanTrials, StudyData, TrialFailure, TrialPlan, TrialRecord } from "./trial.js";

/** What a study tells while it goes on. */
export type StudyEvent<Trial extends TrialPlan = TrialPlan> =
  | { readonly event: "warning"; readonly message: string }
  /** Before the first trial. The trials are those that count, now and as others come to. */
  | {
      readonly event: "plan";
      readonly progress: StudyProgress<Trial>;
      readonly trials: StudyTrials<Trial>;
    }
  | { readonly event: "trial"; readonly trial: Trial; readonly progress: StudyProgress<Trial> }
  /** Where a trial goes on that was begun before: 0 where no epoch of it ended. */
  | {
      readonly event: "checkpoint";
      readonly trial: Trial;
      readonly epochsDone: number;
      /** Why newer checkpoints were not taken, a sentence or more each. */
      readonly passedOver: readonly string[];
    }
  /** Of trials that run beside each other no step is told. */
  | { readonly event: "training"; readonly trial: Trial; readonly training: TrainEvent }
  | {
      readonly event: "done";
      readonly trial: Trial;
      readonly record: TrialRecord<FactorsOf<Trial>>;
      readonly progress: StudyProgress<Trial>;
    }
  | {
      readonly event: "failed";
      readonly trial: Trial;
      readonly failure: TrialFailure<FactorsOf<Trial>>;
      readonly progress: StudyProgress<Trial>;
    };

/** What a study is, whether it runs or is only looked at. */
export interface StudyOptions<Trial extends TrialPlan> {
  /** Where it is kept. */
  readonly study: Store;
  /** What people call such a study: "reproduction", "sweep". */
  readonly kind: string;
  /** What all of its trials share beside the data, as JSON: a place where it is something else is refused. */
  readonly about: object;
  readonly plan: PlanTrials<Trial>;
  /** Default: those of the data, all of them. */
  readonly images?: StudyImages;
  /** What records are held against, where the plan is a part of something (default: the plan). */
  readonly whole?: PlanTrials<Trial>;
  /** The version of the arithmetic since which a run's bytes are what they are today (default: today's). */
  readonly arithmeticSince?: (config: RunConfig) => number;
  /** Whether something in a place without `study.json` belongs to such a study all the same (default: trials alone). */
  readonly isOwn?: WantedStudy["isOwn"];
}

/** Trains some trials, one at a time, in a thread of its own. */
export interface Trainer {
  /** As `trainTrial`. @param threads that it computes on */
  train(trial: TrialPlan, listener: TrialListener, threads: number): Promise<boolean>;
  close(): Promise<void>;
}

/** What trainers share, beside what trials do. */
export interface TrainersWork extends TrialWork {
  /** How many there are. */
  readonly count: number;
  readonly signal?: StopSignal;
}

/** Where studies run. */
export interface StudyHost extends RunHost {
  /** Makes what trains trials beside each other, as many as are asked for (left out: nothing does). */
  trainers?(work: TrainersWork): Promise<readonly Trainer[]>;
}

export interface RunStudyOptions<Trial extends TrialPlan> extends StudyOptions<Trial> {
  readonly data: StudyData;
  /** What is looked at when a trial has ended (default: the test images). */
  readonly judging?: Judging;
  /** Whether a trial that ended keeps its weights (default true). */
  readonly keepsWeights?: boolean;
  /**
   * What becomes of a trial that throws: "stop" ends the study with its error, and the same call tries it again;
   * "set aside" keeps the error in the trial's place and goes on with the others (default "stop").
   */
  readonly onFailure?: "stop" | "set aside";
  /**
   * Trials that run at once, each in its share of the threads, which is larger where fewer are left (default 1); it never
   * changes a result.
   */
  readonly parallel?: number;
  /** Of all trials together (default: one a processor). */
  readonly threads?: number;
  /** Stops after the current step of each trial. */
  readonly signal?: StopSignal;
  readonly onEvent?: (event: StudyEvent<Trial>) => void;
  /** Waited for after each trial that is done but the last. */
  readonly afterTrial?: (trials: StudyTrials<Trial>) => Promise<void>;
  /** Waited for when no trial is left, before another may work there. */
  readonly atEnd?: (trials: StudyTrials<Trial>) => Promise<void>;
  /** The same when it was stopped before. */
  readonly atStop?: (trials: StudyTrials<Trial>) => Promise<void>;
}

/** The trials of a study that count, by name. */
export interface StudyTrials<Trial extends TrialPlan> {
  readonly records: ReadonlyMap<string, TrialRecord<FactorsOf<Trial>>>;
  readonly failures: ReadonlyMap<string, TrialFailure<FactorsOf<Trial>>>;
}

/** What a study came to. */
export interface StudyResult<Trial extends TrialPlan> extends StudyTrials<Trial> {
  readonly progress: StudyProgress<Trial>;
  /** The trial that was stopped, or would have been next; undefined where none is left. */
  readonly stoppedAt?: Trial;
}
