import type { JudgedClaim } from "../claims/claim.js";
import { judgeClaims, verdictTones } from "../claims/index.js";
import type { ReproductionResults } from "../results/results.js";
import type { Table } from "./columns.js";

/** The claims one by one, each with its verdict and the figures it is from. */
export const claimsTable = (results: ReproductionResults): Table<JudgedClaim> => ({
  id: "claims-table",
  title: "The paper's claims, one by one",
  caption:
    "Each verdict follows from the figures by the rule beside it. Standard deviations are over the seeds; with three of them they are rough, and where a rule asks for one and there is a single seed, the claim can't be judged yet.",
  columns: [
    { title: "claim", cell: ({ claim }) => claim },
    { title: "where", cell: ({ where }) => where },
    { title: "here", cell: ({ verdict }) => ({ text: verdict, tone: verdictTones[verdict] }) },
    { title: "figures", cell: ({ finding, sources }) => ({ text: finding, sources }) },
    { title: "rule", cell: ({ rule }) => rule },
  ],
  rows: judgeClaims(results),
});
