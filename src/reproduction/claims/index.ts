import type { TableCell } from "../../report/table.js";
import type { ReproductionResults } from "../results/results.js";
import { accuracyClaims } from "./accuracy.js";
import { type Claim, type JudgedClaim, judgeClaim } from "./claim.js";
import { classClaims } from "./classes.js";
import type { Verdict } from "./rules.js";
import { structureClaims } from "./structure.js";
import { trainingClaims } from "./training.js";

/** Every claim of the abstract and the conclusion that can be put as one, and those of the analysis that they rest on. */
export const claims: readonly Claim[] = [
  ...accuracyClaims,
  ...structureClaims,
  ...trainingClaims,
  ...classClaims,
];

export const judgeClaims = (results: ReproductionResults): JudgedClaim[] =>
  claims.map((claim) => judgeClaim(results, claim));

/** How each verdict looks, in the order in which they are counted. */
export const verdictTones: Readonly<Record<Verdict, TableCell["tone"]>> = {
  holds: "good",
  "holds in part": undefined,
  "doesn't hold": "bad",
  "can't be judged yet": "muted",
  "can't be tested here": "muted",
  "not run yet": "muted",
};

/** "holds: 6; holds in part: 3; …", those that occur. */
export function verdictCounts(results: ReproductionResults): string {
  const judged = judgeClaims(results);
  return Object.keys(verdictTones)
    .map((verdict) => ({ verdict, count: judged.filter((each) => each.verdict === verdict).length }))
    .filter(({ count }) => count > 0)
    .map(({ verdict, count }) => `${verdict}: ${count}`)
    .join("; ");
}
