import type { MonitoredFigure } from "../core/schedules/improvement.js";
import { bestOf } from "../run/best-of.js";
import type { TrialRecord } from "../study/trial.js";

/** What a score is made of. */
type Judged = Pick<TrialRecord, "config" | "history" | "outcome">;

/**
 * What a configuration came to: the mean over its seeds of their best epochs' figures on the images that validate,
 * turned so that more is better. The best epoch is that whose weights a run keeps, by what its early stopping looks at. Undefined where a seed is missing, diverged, or has no such figure.
 *
 * @param until counts epochs up to this one
 */
export function scoreOf(
  trials: readonly (Judged | undefined)[],
  optimize: MonitoredFigure,
  until = Number.POSITIVE_INFINITY,
): number | undefined {
  let sum = 0;
  for (const trial of trials) {
    if (!trial || trial.outcome === "diverged") return undefined;
    const epochs = trial.history.filter(({ epoch }) => epoch <= until);
    const best = bestOf(epochs, trial.config.earlyStopping);
    const score = best ? scoreOfEpoch(best, optimize) : Number.NaN;
    if (!Number.isFinite(score)) return undefined;
    sum += score;
  }
  return trials.length > 0 ? sum / trials.length : undefined;
}

const scoreOfEpoch = (epoch: Record<MonitoredFigure, number>, optimize: MonitoredFigure): number =>
  optimize === "validationLoss" ? -epoch.validationLoss : epoch.validationAccuracy;

/** The figure itself, out of a score. */
export const figureOf = (score: number, optimize: MonitoredFigure): number =>
  optimize === "validationLoss" ? -score : score;
