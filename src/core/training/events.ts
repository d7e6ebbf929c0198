/** What a run tells while it goes on, in order: start, (step …, epoch, perhaps a warning) …, end. */
export type TrainEvent = StartEvent | StepEvent | EpochEvent | WarningEvent | EndEvent;

export interface StartEvent {
  readonly event: "start";
  readonly epochs: number;
  readonly stepsPerEpoch: number;
  readonly batchSize: number;
  readonly trainImages: number;
  readonly validationImages: number;
  readonly threads: number;
  readonly relaxedSimd: boolean;
  readonly arenaBytes: number;
  readonly parameters: number;
  /** Of a run that goes on from a checkpoint: the epochs done before. */
  readonly epochsDone?: number;
}

export interface StepEvent {
  readonly event: "step";
  /** From 1. */
  readonly epoch: number;
  /** From 1 within the epoch. */
  readonly step: number;
  readonly stepsPerEpoch: number;
  /** Running means over the epoch so far, dropout on. */
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  readonly learningRate: number;
  readonly imagesPerSecond: number;
  /** Seconds left of the whole run at the speed so far. */
  readonly secondsLeft: number;
}

/** One line of history.jsonl. */
export interface EpochRecord {
  readonly epoch: number;
  readonly trainLoss: number;
  readonly trainAccuracy: number;
  readonly validationLoss: number;
  readonly validationAccuracy: number;
  /** Of the epoch's last step. */
  readonly learningRate: number;
  /** Wall time of the whole epoch, validation included. */
  readonly seconds: number;
}

export interface EpochEvent extends EpochRecord {
  readonly event: "epoch";
  /** Whether this epoch's weights are the best so far. */
  readonly best: boolean;
}

/** Something is probably wrong; the run goes on. */
export interface WarningEvent {
  readonly event: "warning";
  /** `atChance`: after its first epoch the model does no better than guessing. */
  readonly kind: "atChance";
  readonly epoch: number;
  readonly learningRate: number;
  /** For people: what is wrong, and what to try. */
  readonly message: string;
}

export type StopReason = "finished" | "aborted" | "diverged";

export interface EndEvent {
  readonly event: "end";
  readonly reason: StopReason;
  /** 0 where no epoch ended. */
  readonly bestEpoch: number;
  /** Epochs and steps of the whole run, those before a checkpoint included. */
  readonly epochsDone: number;
  readonly stepsDone: number;
  /** Since the start event. */
  readonly seconds: number;
  /** Where `reason` is "diverged": what happened, and what to try. */
  readonly message?: string;
}
