import type { TableData } from "../../report/table.js";
import { epochTimesFile } from "../folder/manifest.js";
import { paperTable4 } from "../paper/paper.js";
import { type EpochTimes, epochTimesCommand } from "../results/epoch-times.js";
import { extent, measure, measures } from "../results/measures.js";
import { decimal, hundredths, meanAndDeviation } from "../results/numbers.js";
import { currentGroup, type ReproductionResults } from "../results/results.js";
import {
  asArea,
  asLoss,
  asPercent,
  differenceCell,
  missing,
  paperCell,
  pickColumns,
  spreadCell,
} from "./cells.js";

/** The fastest of a batch size's rows: benches may have several numbers of threads. */
function timeOf(times: EpochTimes | null, batchSize: number) {
  const own = times?.times.filter((time) => time.batchSize === batchSize) ?? [];
  return own.reduce<(typeof own)[number] | undefined>(
    (best, time) => (best && best.seconds <= time.seconds ? best : time),
    undefined,
  );
}

/** How the times came to be, or how to make them. */
export function epochTimesNote(times: EpochTimes | null): string {
  if (!times) {
    return (
      `The time of an epoch is measured apart, on an idle machine, and not yet here: \`${epochTimesCommand}\` ` +
      `prints what belongs in \`${epochTimesFile}\`.`
    );
  }
  return (
    `The median step of \`heddle bench\`, which trains with Adam, on a machine meant to be idle (${times.processor}, ` +
    `Node ${times.node}), times the steps that 48,000 images take; validation not counted. ` +
    "The ceiling is the rate of 128-bit multiply-adds that the same threads reach; shares above 100 % come from products saved."
  );
}

/** Table 4: the Proposed CNN by batch size. */
export function table4(results: ReproductionResults): TableData {
  const columnsOf = (group: string) =>
    ["paper", "here", "diff."].map((title) => ({ title, group, numeric: true }));
  return {
    id: "table-4",
    title: "Table 4: the Proposed CNN by batch size",
    caption:
      "Mean ± standard deviation over the seeds; behind it: seeds × epochs. The paper doesn't say which area under the ROC curve it means: this is the mean of the ten classes' (macro); the area over all pairs of image and class (micro) is in a note on each.",
    columns: [
      { title: "batch", numeric: true },
      ...columnsOf("accuracy, %"),
      ...columnsOf("loss"),
      ...columnsOf("AUC"),
      { title: "micro", group: "AUC", numeric: true },
      { title: "s an epoch", numeric: true },
      { title: "behind it" },
    ],
    rows: paperTable4.map((paper) => {
      const group = currentGroup(results, "proposed", paper.batchSize);
      const accuracy = measure(group, measures.testAccuracy);
      const loss = measure(group, measures.testLoss);
      const area = measure(group, measures.macroAuc);
      const micro = measure(group, measures.microAuc);
      const time = timeOf(results.epochTimes, paper.batchSize);
      return [
        { text: String(paper.batchSize), value: paper.batchSize },
        paperCell(paper.accuracy, 2),
        spreadCell(accuracy, asPercent),
        differenceCell(accuracy, paper.accuracy, asPercent, "up"),
        paperCell(paper.loss, 4),
        spreadCell(loss, asLoss),
        differenceCell(loss, paper.loss, asLoss, "down"),
        paperCell(paper.auc, 4),
        spreadCell(
          area,
          asArea,
          micro ? `micro ${meanAndDeviation(micro, (value) => decimal(value, 4))}` : undefined,
        ),
        differenceCell(area, paper.auc, asArea, "up"),
        spreadCell(micro, asArea),
        time ? { text: decimal(time.seconds, 1), value: time.seconds } : missing("–"),
        group.kept.length === 0 ? missing() : extent(group),
      ];
    }),
  };
}

/** Table 4 for the page, which has the time of an epoch in a table of its own. */
export const table4OfPage = (results: ReproductionResults): TableData =>
  pickColumns(table4(results), [0, 1, 2, 4, 5, 7, 8, 12]);

/** What the paper's Table 4 leaves out: how long an epoch takes at each batch size. */
export const epochTimesTable = ({ epochTimes }: ReproductionResults): TableData => ({
  id: "epoch-times",
  title: "Time of an epoch by batch size, the Proposed CNN",
  columns: [
    { title: "batch", numeric: true },
    { title: "seconds an epoch", numeric: true },
    { title: "steps", numeric: true },
    { title: "ms a step", numeric: true },
    { title: "of the ceiling, %", numeric: true },
    { title: "threads", numeric: true },
  ],
  rows: paperTable4.flatMap(({ batchSize }) => {
    const time = timeOf(epochTimes, batchSize);
    if (!time) return [];
    const { seconds, steps, stepMilliseconds, ofCeiling, threads } = time;
    return [
      [
        { text: String(batchSize), value: batchSize },
        { text: decimal(seconds, 1), value: seconds },
        { text: String(steps), value: steps },
        { text: decimal(stepMilliseconds, 2), value: stepMilliseconds },
        ofCeiling === null ? missing("–") : { text: hundredths(ofCeiling, 0), value: 100 * ofCeiling },
        { text: String(threads), value: threads },
      ],
    ];
  }),
});
