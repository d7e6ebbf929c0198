import { choice, number, type OptionTable, type Settled } from "../options/index.js";

/** What an epoch came to on the images that validate. */
export interface ValidationFigures {
  /** Mean cross-entropy in nats. */
  readonly validationLoss: number;
  /** Share named rightly, 0 … 1. */
  readonly validationAccuracy: number;
}

/** Which of an epoch's figures is watched. */
export type MonitoredFigure = keyof ValidationFigures;

export const monitoredFigures = ["validationLoss", "validationAccuracy"] as const;

/** What counts as an improvement. */
export interface ImprovementOptions {
  /** A figure must be better by more than this to count as an improvement (default 0). */
  readonly minDelta?: number | undefined;
  /** The figure that has to improve (default "validationLoss"). */
  readonly monitor?: MonitoredFigure | undefined;
}

export const improvementOptions = {
  minDelta: {
    meaning: "a figure must be better by more than this to count as an improvement",
    kind: number({ from: 0 }),
    default: 0,
  },
  monitor: {
    meaning: "the figure that has to improve",
    kind: choice(monitoredFigures),
    default: "validationLoss",
  },
} satisfies OptionTable<ImprovementOptions>;

/** Whether a figure is better than the best before by more than `minDelta`; the first one always is. */
export function improves(
  figures: ValidationFigures,
  best: number | undefined,
  { monitor, minDelta }: Settled<ImprovementOptions>,
): boolean {
  if (best === undefined) return true;
  const figure = figures[monitor];
  return monitor === "validationLoss" ? figure < best - minDelta : figure > best + minDelta;
}
