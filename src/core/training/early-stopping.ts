import { type OptionKind, type OptionTable, optionsOf, type Settled, wholeNumber } from "../options/index.js";
import {
  type ImprovementOptions,
  improvementOptions,
  improves,
  type ValidationFigures,
} from "../schedules/improvement.js";

/** When a `fit` stops before its last epoch. */
export interface EarlyStoppingOptions extends ImprovementOptions {
  /** Epochs in a row without an improvement after which it stops. */
  readonly patience: number;
}

/** With every option. */
export type EarlyStopping = Settled<EarlyStoppingOptions>;

export const earlyStoppingOptions = {
  patience: {
    meaning: "epochs in a row without an improvement after which training stops",
    kind: wholeNumber({ from: 1 }),
  },
  ...improvementOptions,
} satisfies OptionTable<EarlyStoppingOptions>;

export const earlyStoppingKind: OptionKind<EarlyStopping, EarlyStoppingOptions> =
  optionsOf(earlyStoppingOptions);

/**
 * Whether training has come to its early stop,: nothing but the figures of its epochs so far says so, which
 * is why one that goes on from a checkpoint stops where it would have.
 */
export function stopsEarly(
  { patience, ...improvement }: EarlyStopping,
  epochs: readonly ValidationFigures[],
): boolean {
  let best: number | undefined;
  let without = 0;
  for (const figures of epochs) {
    without++;
    if (!improves(figures, best, improvement)) continue;
    best = figures[improvement.monitor];
    without = 0;
  }
  return without >= patience;
}
