import { paperTable4 } from "../paper/paper.js";
import { type EpochTime, epochTimeOf } from "../results/epoch-times.js";
import { batchGroups } from "../results/groups.js";
import { measures } from "../results/measures.js";
import type { ReproductionResults } from "../results/results.js";
import { behind, besidePaper, type GroupRow, measured, numberCell, type Table } from "./columns.js";

interface Row extends GroupRow {
  readonly paper: (typeof paperTable4)[number];
  readonly time: EpochTime | undefined;
}

const files = ["file", "docs"] as const;

/** Table 4: the Proposed CNN by batch size. The page has the time of an epoch in a table of its own. */
export const table4 = (results: ReproductionResults): Table<Row> => ({
  id: "table-4",
  title: "Table 4: the Proposed CNN by batch size",
  caption:
    "Mean ± standard deviation over the seeds; behind it: seeds × epochs. The paper doesn't say which area under the ROC curve it means: this is the mean of the ten classes' (macro), and beside it the area over all pairs of image and class (micro).",
  columns: [
    { title: "batch", numeric: true, cell: ({ paper }) => numberCell(paper.batchSize) },
    ...besidePaper<Row>("accuracy, %", measures.testAccuracy, ({ paper }) => paper.accuracy, {
      showDifference: files,
    }),
    ...besidePaper<Row>("loss", measures.testLoss, ({ paper }) => paper.loss, {
      places: { paper: 4 },
      showDifference: files,
    }),
    ...besidePaper<Row>("AUC", measures.macroAuc, ({ paper }) => paper.auc, {
      places: { paper: 4 },
      showDifference: files,
    }),
    measured("micro", measures.microAuc, { group: "AUC" }),
    { title: "s an epoch", numeric: true, show: files, cell: ({ time }) => numberCell(time?.seconds, 1) },
    behind,
  ],
  rows: paperTable4.map((paper, index) => ({
    paper,
    group: batchGroups(results)[index],
    time: epochTimeOf(results.epochTimes, "proposed", paper.batchSize),
  })),
});
