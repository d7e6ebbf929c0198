import { plural } from "../../core/words.js";
import type { TrialGroup } from "../results/groups.js";
import { type Measure, meanAndDeviation, meanInWords, measure, standsTo } from "../results/measures.js";
import { differenceOf } from "../results/spread.js";
import { type Judgement, untested } from "./claim.js";
import { atMostInPart, differs } from "./rules.js";

/** What two groups of trials are compared by, and the words for it. */
export interface Comparison {
  readonly of: Measure;
  /** Behind a figure: "by Algorithm 1", "by the constant rate". */
  readonly sides: readonly [own: string, other: string];
  /** What a trial with the figure does: "get to 90 %". */
  readonly does: string;
  /** Whether it says something that more seeds come to the figure: then that alone is "in part", and fewer is not. */
  readonly counts?: boolean;
  /** A mean in a sentence (default: as it is). */
  readonly words?: (figure: string) => string;
  /** What takes from the verdict, in words; undefined where nothing does. */
  readonly but?: (own: TrialGroup, other: TrialGroup) => string | undefined;
}

/** Whether one group's mean is the better than another's: of the seeds that come to the figure. */
export function compare([own, other]: readonly TrialGroup[], comparison: Comparison): Judgement {
  const { of, sides, does, counts = false, words = (figure) => figure, but } = comparison;
  const [ours, theirs] = [own, other].map((group) => measure(group, of));
  const [reached, reachedThere] = [ours, theirs].map((spread) => spread?.observations.length ?? 0);
  const counted = `${reached} of ${plural(own.kept.length, "seed")} ${does} ${sides[0]}, ${reachedThere} of ${other.kept.length} ${sides[1]}`;
  if (reached + reachedThere === 0) return untested(counted);
  const ahead = reached / own.kept.length - reachedThere / other.kept.length;
  if (counts && ahead !== 0) {
    const single = Math.min(own.kept.length, other.kept.length) === 1;
    return {
      verdict: single ? "can't be judged yet" : ahead > 0 ? "holds in part" : "doesn't hold",
      finding: counted,
    };
  }
  if (!ours || !theirs) return untested(counted);
  const difference = differenceOf(ours, theirs, of.least);
  const verdict = differs(difference, of.better!);
  const limit = but?.(own, other);
  const all = reached === own.kept.length && reachedThere === other.kept.length;
  return {
    verdict: limit === undefined ? verdict : atMostInPart(verdict),
    finding: [
      `${words(meanInWords(of, ours))}, ${sides[1]} ${meanAndDeviation(of, theirs)}: ${standsTo(of, difference, "that")}`,
      ...(all ? [] : [counted]),
      ...(limit === undefined ? [] : [limit]),
    ].join("; "),
  };
}
