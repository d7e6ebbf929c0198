import type { Difference, Spread } from "./spread.js";

/** What became of a claim. */
export type Verdict = "holds" | "holds in part" | "doesn't hold" | "can't be tested here" | "not run yet";

/** At `full` or above it holds, at `part` or above in part. */
export function reaches(value: number, full: number, part: number): Verdict {
  if (value >= full) return "holds";
  return value >= part ? "holds in part" : "doesn't hold";
}

/** Which way a difference is claimed to go. */
export type Direction = "higher" | "lower";

const goes = ({ value }: Difference, direction: Direction): boolean =>
  direction === "higher" ? value > 0 : value < 0;

/**
 * A difference that is claimed: it holds where it goes that way by more than two standard deviations, in part by more
 * than one or where there is no spread to judge it by, and not where it is within one or goes the other way.
 */
export function differs(difference: Difference, direction: Direction): Verdict {
  if (!goes(difference, direction) || difference.size === "level") return "doesn't hold";
  return difference.size === "clear" ? "holds" : "holds in part";
}

/** Better than every other: in part where it is only by its mean, within a standard deviation of one of them. */
export function leads(differences: readonly Difference[], direction: Direction): Verdict {
  if (!differences.every((difference) => goes(difference, direction))) return "doesn't hold";
  return differences.every(({ size }) => size === "small" || size === "clear") ? "holds" : "holds in part";
}

/**
 * Gains of a claimed size, in the unit of the differences: they hold where every one is reached, in part where every
 * one is a gain beyond a standard deviation (or without a spread to judge it by).
 */
export function gains(found: readonly { readonly gain: Difference; readonly claimed: number }[]): Verdict {
  if (found.every(({ gain, claimed }) => gain.value >= claimed)) return "holds";
  return found.every(({ gain }) => differs(gain, "higher") !== "doesn't hold")
    ? "holds in part"
    : "doesn't hold";
}

/** Little influence: the means' range is at most what the paper itself calls little; in part up to twice that. */
export function littleInfluence(means: readonly number[], little: number): Verdict {
  const range = Math.max(...means) - Math.min(...means);
  // A range of exactly as much, but for the rounding of a subtraction.
  return reaches(-range, -little - 1e-9, -2 * little - 1e-9);
}

/** The first of some names in an order: alone at its head it holds, among the `tied` first in part. */
export function comesFirst(order: readonly string[], name: string, tied: number): Verdict {
  const place = order.indexOf(name);
  if (place === 0) return "holds";
  return place > 0 && place < tied ? "holds in part" : "doesn't hold";
}

/** A podium: the two best in any order, then the third; in part where only the set of three is right. */
export function podium(order: readonly string[], best: readonly [string, string], third: string): Verdict {
  const first = order.slice(0, 3);
  if (![...best, third].every((name) => first.includes(name))) return "doesn't hold";
  return first[2] === third ? "holds" : "holds in part";
}

/** How much a curve rises again from its lowest point to its end, as a share of that lowest point. */
export const riseAfterLowest = (losses: readonly number[]): number => {
  const lowest = Math.min(...losses);
  return (losses[losses.length - 1] - lowest) / lowest;
};

/** A loss that rises again by a tenth or more no longer converges; by less than a hundredth it doesn't rise. */
export function risesAgain(losses: readonly number[]): Verdict {
  return reaches(riseAfterLowest(losses), 0.1, 0.01);
}

/** Stable after an epoch: from there on the curve stays within a tenth of its last value; in part within a fifth. */
export function stableAfter(losses: readonly number[], epoch: number): Verdict {
  const last = losses[losses.length - 1];
  const away = Math.max(0, ...losses.slice(epoch - 1).map((loss) => Math.abs(loss - last) / last));
  return reaches(-away, -0.1, -0.2);
}

/** The worse of two verdicts: a claim of two parts holds as far as both do. */
export function both(one: Verdict, other: Verdict): Verdict {
  if (one === other) return one;
  return "holds in part";
}

/** Names by a figure, the highest first; equal ones in the order given. */
export const ranked = (spreads: readonly { readonly name: string; readonly spread: Spread }[]): string[] =>
  [...spreads].sort((a, b) => b.spread.mean - a.spread.mean).map(({ name }) => name);
