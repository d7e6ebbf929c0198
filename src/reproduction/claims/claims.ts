import type { TableData } from "../../report/table.js";
import type { ReproductionResults } from "../results/results.js";
import { accuracyClaims } from "./accuracy.js";
import type { Claim, JudgedClaim, Statement } from "./claim.js";
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

export const judgeClaims = (results: ReproductionResults): (Claim & JudgedClaim)[] =>
  claims.map((claim) => ({ ...claim, ...claim.judge(results) }));

const tones: Partial<Record<Verdict, "good" | "bad" | "muted">> = {
  holds: "good",
  "doesn't hold": "bad",
  "can't be judged yet": "muted",
  "can't be tested here": "muted",
  "not run yet": "muted",
};

/** The claims one by one, each with its verdict and the figures it is from. */
export function claimsTable(results: ReproductionResults): TableData {
  return {
    id: "claims-table",
    title: "The paper's claims, one by one",
    caption:
      "Each verdict follows from the figures by the rule beside it. Standard deviations are over the seeds; with three of them they are rough, and where a rule asks for one and there is a single seed, the claim can't be judged yet.",
    columns: [
      { title: "claim" },
      { title: "where" },
      { title: "here" },
      { title: "figures" },
      { title: "rule" },
    ],
    rows: judgeClaims(results).map(({ claim, where, verdict, finding, rule, sources }) => [
      claim,
      where,
      { text: verdict, tone: tones[verdict] },
      { text: finding, sources },
      rule,
    ]),
  };
}

/** How many claims came to each verdict. */
export function claimsCount(results: ReproductionResults): Readonly<Record<Verdict, number>> {
  const counts: Record<Verdict, number> = {
    holds: 0,
    "holds in part": 0,
    "doesn't hold": 0,
    "can't be judged yet": 0,
    "can't be tested here": 0,
    "not run yet": 0,
  };
  for (const { verdict } of judgeClaims(results)) counts[verdict]++;
  return counts;
}

/** What became of one claim, as a sentence. */
export function judgeClaim(results: ReproductionResults, id: string): Statement {
  const { verdict, finding, sources } = claims.find((claim) => claim.id === id)!.judge(results);
  if (verdict === "not run yet") return { text: `Not run yet: ${finding}.`, sources };
  return { text: `${finding[0].toUpperCase()}${finding.slice(1)}.`, sources };
}
