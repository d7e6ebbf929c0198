import { listed } from "../../core/words.js";
import { soFar, type TrialGroup } from "../results/groups.js";
import { type Measure, measure } from "../results/measures.js";
import type { ReproductionResults } from "../results/results.js";
import type { Spread } from "../results/spread.js";
import type { Verdict } from "./rules.js";

/** What a rule makes of the figures. */
export interface Judgement {
  readonly verdict: Verdict;
  /** The figures it is from, in words. */
  readonly finding: string;
}

/** A claim of the paper and the rule that judges it. */
export interface Claim {
  readonly id: string;
  /** In our words. */
  readonly claim: string;
  readonly where: string;
  /** What makes it hold, in words. */
  readonly rule: string;
  /** The trials that it is judged by; none where no trial here can. */
  groups(results: ReproductionResults): readonly TrialGroup[];
  /** The figure that each of the groups has to have for it. */
  readonly of?: Measure;
  /** @param spreads of that figure, a group each */
  judge(spreads: readonly Spread[], groups: readonly TrialGroup[], results: ReproductionResults): Judgement;
}

/** A claim and what became of it here. */
export interface JudgedClaim extends Claim, Judgement {
  /** The trials that the figures are from. */
  readonly sources: readonly string[];
}

/** What no trial here speaks to. */
export const untested = (finding: string): Judgement => ({ verdict: "can't be tested here", finding });

/** What a claim has where no trial here can speak to it. */
export const untestable = (finding: string): Pick<Claim, "groups" | "judge"> => ({
  groups: () => [],
  judge: () => untested(finding),
});

/** Judges a claim as far as its trials are run. */
export function judgeClaim(results: ReproductionResults, claim: Claim): JudgedClaim {
  const groups = claim.groups(results);
  const { verdict, finding } = judgement(claim, groups, results);
  const sources = groups.flatMap(({ kept }) => kept.map(({ id }) => id));
  return verdict === "not run yet"
    ? { ...claim, verdict, finding, sources: [] }
    : { ...claim, verdict, finding: `${finding}${soFar(groups)}`, sources };
}

function judgement(
  { of, judge }: Claim,
  groups: readonly TrialGroup[],
  results: ReproductionResults,
): Judgement {
  const unrun = groups.filter(({ kept }) => kept.length === 0);
  if (unrun.length > 0) return { verdict: "not run yet", finding: `needs ${titlesOf(unrun)}` };
  if (of === undefined) return judge([], groups, results);
  const spreads = groups.map((group) => measure(group, of));
  const lacking = groups.filter((_, index) => spreads[index] === null);
  if (lacking.length > 0) return untested(`no trial of ${titlesOf(lacking)} came to a figure`);
  return judge(
    spreads.flatMap((spread) => spread ?? []),
    groups,
    results,
  );
}

const titlesOf = (groups: readonly TrialGroup[]): string => listed(groups.map(({ title }) => title));
