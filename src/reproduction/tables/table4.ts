import { epochTimesFile } from "../folder/own-files.js";
import { paperTable4 } from "../paper/paper.js";
import { type EpochTime, type EpochTimes, epochTimesCommand } from "../results/epoch-times.js";
import { batchGroups } from "../results/groups.js";
import { measures } from "../results/measures.js";
import type { ReproductionResults } from "../results/results.js";
import { behind, besidePaper, type GroupRow, measured, numberCell, type Table } from "./columns.js";

interface Row extends GroupRow {
  readonly paper: (typeof paperTable4)[number];
  readonly time: EpochTime | undefined;
}

/** The fastest of a batch size's rows: benches may have several numbers of threads. */
const timeOf = (times: EpochTimes | null, batchSize: number): EpochTime | undefined =>
  times?.times
    .filter((time) => time.batchSize === batchSize)
    .reduce<EpochTime | undefined>(
      (best, time) => (best && best.seconds <= time.seconds ? best : time),
      undefined,
    );

/** How the times came to be, or how to make them. */
export function epochTimesNote(times: EpochTimes | null): string {
  if (!times) {
    return `The time of an epoch is measured apart, on an idle machine, and not yet here: \`${epochTimesCommand}\` prints what belongs in \`${epochTimesFile}\`.`;
  }
  return (
    `The median step of \`heddle bench\`, which trains with Adam, on a machine meant to be idle (${times.processor}, ` +
    `Node ${times.node}), times the steps that 48,000 images take; validation not counted. ` +
    "The ceiling is the rate of 128-bit multiply-adds that the same threads reach; shares above 100 % come from products saved."
  );
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
    time: timeOf(results.epochTimes, paper.batchSize),
  })),
});

/** What the paper's Table 4 leaves out: how long an epoch takes at each batch size. */
export const epochTimesTable = ({ epochTimes }: ReproductionResults): Table<EpochTime> => ({
  id: "epoch-times",
  title: "Time of an epoch by batch size, the Proposed CNN",
  columns: [
    { title: "batch", numeric: true, cell: ({ batchSize }) => numberCell(batchSize) },
    { title: "seconds an epoch", numeric: true, cell: ({ seconds }) => numberCell(seconds, 1) },
    { title: "steps", numeric: true, cell: ({ steps }) => numberCell(steps) },
    { title: "ms a step", numeric: true, cell: ({ stepMilliseconds }) => numberCell(stepMilliseconds, 2) },
    {
      title: "of the ceiling, %",
      numeric: true,
      cell: ({ ofCeiling }) => numberCell(ofCeiling === null ? null : 100 * ofCeiling),
    },
    { title: "threads", numeric: true, cell: ({ threads }) => numberCell(threads) },
  ],
  rows: paperTable4.flatMap(({ batchSize }) => timeOf(epochTimes, batchSize) ?? []),
});
