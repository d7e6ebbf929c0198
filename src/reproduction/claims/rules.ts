import type { Direction } from "../results/measures.js";
import type { Difference, Spread } from "../results/spread.js";

/** What became of a claim. One whose rule asks for a spread can't be judged by single seeds. */
export type Verdict =
  | "holds"
  | "holds in part"
  | "doesn't hold"
  | "can't be judged yet"
  | "can't be tested here"
  | "not run yet";

/** At `full` or above it holds, at `part` or above in part. */
export function reaches(value: number, full: number, part: number): Verdict {
  if (value >= full) return "holds";
  return value >= part ? "holds in part" : "doesn't hold";
}

const goes = ({ value }: Difference, direction: Direction): boolean =>
  direction === "higher" ? value > 0 : value < 0;

const isJudged = ({ size }: Difference): boolean => size !== "unjudged";

/** Whether a difference goes that way by more than a standard deviation. */
export const isBeyond = (difference: Difference, direction: Direction): boolean =>
  goes(difference, direction) && (difference.size === "small" || difference.size === "clear");

/**
 * A difference that is claimed: it holds where it goes that way by more than two standard deviations, in part by more
 * than one, and not where it is within one or goes the other way.
 */
export function differs(difference: Difference, direction: Direction): Verdict {
  if (!isJudged(difference)) return "can't be judged yet";
  if (!isBeyond(difference, direction)) return "doesn't hold";
  return difference.size === "clear" ? "holds" : "holds in part";
}

/** Better than every other: in part where it is only by its mean, within a standard deviation of one of them. */
export function leads(differences: readonly Difference[], direction: Direction): Verdict {
  const judged = differences.filter(isJudged);
  if (!judged.every((difference) => goes(difference, direction))) return "doesn't hold";
  if (judged.length < differences.length) return "can't be judged yet";
  return judged.every((difference) => isBeyond(difference, direction)) ? "holds" : "holds in part";
}

/**
 * Gains of a claimed size, in the unit of the differences: they hold where every one is reached, in part where every
 * one is a gain beyond a standard deviation.
 */
export function gains(found: readonly { readonly gain: Difference; readonly claimed: number }[]): Verdict {
  if (found.every(({ gain, claimed }) => gain.value >= claimed)) return "holds";
  const verdicts = found.map(({ gain }) => differs(gain, "higher"));
  if (verdicts.includes("doesn't hold")) return "doesn't hold";
  return verdicts.includes("can't be judged yet") ? "can't be judged yet" : "holds in part";
}

/** The most that a verdict can be where the claim's rule says "in part" of it. */
export const atMostInPart = (verdict: Verdict): Verdict => (verdict === "holds" ? "holds in part" : verdict);

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

/** Stable from an epoch on: the curve stays within a tenth of its last value; in part within a fifth. */
export function stableAfter(losses: readonly number[], epoch: number): Verdict {
  const last = losses[losses.length - 1];
  const away = Math.max(0, ...losses.slice(epoch - 1).map((loss) => Math.abs(loss - last) / last));
  return reaches(-away, -0.1, -0.2);
}

/** The widest that two curves are apart from an epoch on. */
export const widestGap = (one: readonly number[], other: readonly number[], epoch: number): number =>
  Math.max(0, ...one.slice(epoch - 1).map((value, index) => Math.abs(value - other[epoch - 1 + index])));

/**
 * A claim of several parts holds where each does; in part where one does, or each in part; else it doesn't. With a
 * part that can't be tested it holds in part at most.
 */
export function together(parts: readonly Verdict[]): Verdict {
  const tested = parts.filter((verdict) => verdict !== "can't be tested here");
  if (tested.length === 0) return "can't be tested here";
  if (tested.includes("can't be judged yet")) return "can't be judged yet";
  if (tested.includes("holds") || !tested.includes("doesn't hold"))
    return parts.every((verdict) => verdict === "holds") ? "holds" : "holds in part";
  return "doesn't hold";
}

/** Names by a figure, the highest first; equal ones in the order given. */
export const ranked = (spreads: readonly { readonly name: string; readonly spread: Spread }[]): string[] =>
  [...spreads].sort((a, b) => b.spread.mean - a.spread.mean).map(({ name }) => name);
