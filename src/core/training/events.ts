/** What a run tells while it goes on, in order: start, (step …, epoch, perhaps a warning) …, end. */
export type TrainEvent = StartEvent | StepEvent | EpochEvent | WarningEvent | EndEvent;

/** Before the first step: what is about to be done, and on what. */
export interface StartEvent {
  readonly event: "start";
  /** The number of the last one, counted over the whole training. */
  readonly epochs: number;
  /** The last, smaller batch included. */
  readonly stepsPerEpoch: number;
  /** Images a step. */
  readonly batchSize: number;
  /** Those that train. */
  readonly trainImages: number;
  /** Those held back to validate with. */
  readonly validationImages: number;
  /** Threads that compute. */
  readonly threads: number;
  /** Whether multiply and add are fused: the only thing of a machine that decides bytes. */
  readonly relaxedSimd: boolean;
  /** Bits of the engine's vectors: no result depends on it. */
  readonly vectorBits: 128 | 256;
  /** Bytes of memory planned for the model and its steps. */
  readonly arenaBytes: number;
  /** Numbers that training moves. */
  readonly parameters: number;
  /** Of a run that goes on from a checkpoint: the epochs done before. */
  readonly epochsDone?: number;
  /** Where an average of the weights is kept: it is what validation judges, and so what says which epoch is the best. */
  readonly judged?: "average";
}

/** After each step. */
export interface StepEvent {
  readonly event: "step";
  /** From 1. */
  readonly epoch: number;
  /** From 1 within the epoch. */
  readonly step: number;
  /** The last, smaller batch included. */
  readonly stepsPerEpoch: number;
  /** Mean loss in nats over the epoch so far, dropout on; of mixed images against their mixed targets. */
  readonly trainLoss: number;
  /**
   * Share of the epoch's images so far named rightly, dropout on. With soft targets, those of mixed images too, the
   * class of the greatest is the right one; of several labels an image it is the share of pairs of an image and a label
   * on the right side of ½.
   */
  readonly trainAccuracy: number;
  /** Of this step. */
  readonly learningRate: number;
  /** Over the epoch so far. */
  readonly imagesPerSecond: number;
  /** Seconds left of the whole run at the speed so far. */
  readonly secondsLeft: number;
}

/** One line of history.jsonl. Validation figures are of the weights' average where one is kept. */
export interface EpochRecord {
  /** From 1, over the whole training. */
  readonly epoch: number;
  /** Mean loss in nats over the epoch, dropout on. */
  readonly trainLoss: number;
  /** Share of the epoch's images named rightly, dropout on: as a step's. */
  readonly trainAccuracy: number;
  /** Mean loss in nats, no label smoothed and no image mixed or weighed; not a number where nothing validates. */
  readonly validationLoss: number;
  /** Share named rightly, 0 … 1, as a step's training accuracy has it; not a number where nothing validates. */
  readonly validationAccuracy: number;
  /** Of the epoch's last step. */
  readonly learningRate: number;
  /** Wall time of the whole epoch, validation included. */
  readonly seconds: number;
}

/** After each epoch, its validation included. */
export interface EpochEvent extends EpochRecord {
  readonly event: "epoch";
  /** Whether this epoch's weights, or their average where one is kept, are the best so far. */
  readonly best: boolean;
}

/** Something is probably wrong; the run goes on. */
export interface WarningEvent {
  readonly event: "warning";
  /** `atChance`: after its first epoch the model does no better than guessing; never told of several labels an image. */
  readonly kind: "atChance";
  /** From 1. */
  readonly epoch: number;
  /** Of the last step. */
  readonly learningRate: number;
  /** For people: what is wrong, and what to try. */
  readonly message: string;
}

/**
 * All epochs were done; `earlyStopping` saw no improvement for too long; a signal or the reader of the events ended
 * it; or the loss was not finite.
 */
export type StopReason = "finished" | "stopped early" | "aborted" | "diverged";

/** The last event, however training ended. */
export interface EndEvent {
  readonly event: "end";
  /** Why it ended. */
  readonly reason: StopReason;
  /** 0 where no epoch ended. */
  readonly bestEpoch: number;
  /** Of the whole run, those before a checkpoint included. */
  readonly epochsDone: number;
  /** As `epochsDone`, in steps. */
  readonly stepsDone: number;
  /** Since the start event. */
  readonly seconds: number;
  /** Where `reason` is "diverged": what happened, and what to try. */
  readonly message?: string;
}
