import type { ValidationFigures } from "../schedules/improvement.js";

/** How far a training is, over all the fits that a model has had. */
export interface Position {
  readonly epochsDone: number;
  readonly stepsDone: number;
  /** Steps since the optimizer's own start. */
  readonly optimizerSteps: number;
}

export const atStart: Position = { epochsDone: 0, stepsDone: 0, optimizerSteps: 0 };

/** The position of a training that goes on: counted up. */
export type OngoingPosition = { -readonly [Key in keyof Position]: Position[Key] };

/** What decides whether a later epoch is better; not a number where nothing validates. */
export interface BestEpoch {
  /** From 1. */
  readonly epoch: number;
  /** Share named rightly, 0 … 1. */
  readonly validationAccuracy: number;
  /** Mean cross-entropy in nats. */
  readonly validationLoss: number;
}

/**
 * Where a run stands between two epochs. Learning rate and every generator follow from it, since they are functions
 * of seed, epoch and step alone.
 */
export interface TrainingPosition {
  /** Of the whole training: 1 or more. */
  readonly epochsDone: number;
  /** Steps of the whole training (a checkpoint of version 1 leaves it out: those of its epochs). */
  readonly stepsDone?: number;
  /** Steps since the optimizer's own start (default: all). */
  readonly optimizerSteps?: number;
  /** Epochs that were done before the fit that this stands in (default 0). */
  readonly epochsBefore?: number;
  /** Of this fit's epochs. */
  readonly best: BestEpoch;
  /** Of each of this fit's epochs, where what comes after depends on them. */
  readonly validation?: readonly ValidationFigures[];
}
